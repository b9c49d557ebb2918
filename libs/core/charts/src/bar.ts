/**
 * Grouped bars: for each group one bar of every series, side by side; the share of each label per part, say.
 * Each bar bears its number where there is room, or a line over the range in which its value lies.
 */
import { frame, type Chart, type Heading } from './chart.js';
import { checkFinite, checkLength, checkNames, type Column } from './check.js';
import { legendAbove } from './legend.js';
import { coloursFor } from './palette.js';
import { baseline, ink, letters } from './style.js';
import { textWidth } from './text-width.js';
import { wrap } from './wrap.js';

export interface BarSeries {
  readonly name: string;
  /** One for each group. */
  readonly values: Column;
  /** Ends of an interval around each value, drawn as a line instead of the number; the subtitle names it. */
  readonly interval?: { readonly low: Column; readonly high: Column };
}

export interface BarData extends Heading {
  readonly groups: readonly string[];
  readonly series: readonly BarSeries[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly legendTitle: string;
}

/** Of a bar and of the plot, in pixels. */
const barStep = 44;
const narrowest = 300;
const widest = 720;

const numberSize = 11;
const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const wholeNumber = new Intl.NumberFormat('en-US');

/** InputError where a value is not finite, a series lacks one for a group, or two names are the same. */
export function barChart(data: BarData): Chart {
  const { title, groups, series, xTitle, yTitle, legendTitle } = data;
  const names = series.map(({ name }) => name);
  checkNames(title, 'groups', groups);
  checkNames(title, 'series', names);
  for (const { name, values, interval } of series) {
    for (const column of [values, ...(interval === undefined ? [] : [interval.low, interval.high])]) {
      checkLength(title, `"${name}"`, column.length, groups.length);
      checkFinite(title, `"${name}"`, column);
    }
  }
  const bars = series.flatMap(({ name, values }) =>
    groups.map((g, i) => ({ g, s: name, v: values[i]!, n: numberOf(values[i]!) })),
  );
  const width = Math.min(widest, Math.max(narrowest, bars.length * barStep));
  const domain = [...groups];
  const x = {
    field: 'g',
    type: 'nominal',
    title: xTitle,
    scale: { domain, paddingInner: 0.25, paddingOuter: 0.15 },
    axis: { ...baseline, ...groupLabels(groups, width) },
  } as const;
  const xOffset = { field: 's', type: 'nominal', scale: { domain: names, paddingInner: 0.08 } } as const;
  const y = {
    field: 'v',
    type: 'quantitative',
    title: yTitle,
    // Of no bars, or of zeros only, an axis all the same.
    scale: bars.some(({ v }) => v !== 0) ? {} : { domain: [0, 1] },
    axis: { tickCount: 5 },
  } as const;
  const room = (0.75 * width) / Math.max(1, bars.length);
  const intervals = series.flatMap(({ name, interval }) =>
    interval === undefined
      ? []
      : groups.map((g, i) => ({ g, s: name, v: interval.low[i]!, to: interval.high[i]! })),
  );
  const numbered = intervals.length === 0 && bars.every(({ n }) => textWidth(n, numberSize) <= room);
  return frame(
    data,
    `Bar chart of ${yTitle} by ${xTitle} (${groups.join(', ')}) for ${names.join(', ')}.`,
    { width, height: 260 },
    [
      {
        data: { values: bars },
        mark: { type: 'bar' },
        encoding: {
          x,
          xOffset,
          y,
          color: {
            field: 's',
            type: 'nominal',
            title: legendTitle,
            scale: { domain: names, range: coloursFor(names.length) },
            legend: legendAbove(names, width),
          },
        },
      },
      ...(intervals.length === 0
        ? []
        : [
            {
              data: { values: intervals },
              mark: { type: 'rule' as const, color: ink.text, strokeWidth: 1.2 },
              encoding: { x, xOffset, y, y2: { field: 'to' } },
            },
          ]),
      ...(['up', 'down'] as const)
        .filter(() => numbered)
        .map((side) => ({
          data: { values: bars.filter(({ v }) => v < 0 === (side === 'down')) },
          mark: {
            type: 'text' as const,
            baseline: side === 'up' ? ('bottom' as const) : ('top' as const),
            dy: side === 'up' ? -3 : 4,
            fontSize: numberSize,
            color: ink.quiet,
          },
          encoding: { x, xOffset, y, text: { field: 'n', type: 'nominal' as const } },
        })),
    ],
  );
}

/** The number at a bar: a whole one in full, others to three digits. */
function numberOf(value: number): string {
  const format = Number.isInteger(value) && Math.abs(value) < 1e9 ? wholeNumber : threeDigits;
  // The minus of the axes.
  return format.format(value).replace('-', '−');
}

/** Names of groups below their bars: in up to three lines if their words fit, otherwise at a slant. */
function groupLabels(groups: readonly string[], width: number): object {
  const room = width / Math.max(1, groups.length) - 8;
  const lines = groups.map((group) => wrap(group, letters.small, room));
  const fits = lines.every(
    (some) => some.length <= 3 && some.every((line) => textWidth(line, letters.small.fontSize) <= room),
  );
  if (!fits) return { labelAngle: -35, labelAlign: 'right', labelBaseline: 'middle', labelLimit: 220 };
  return {
    labelAngle: 0,
    labelOverlap: false,
    labelExpr: `${JSON.stringify(lines)}[indexof(${JSON.stringify(groups)}, datum.value)]`,
  };
}
