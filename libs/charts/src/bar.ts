/** Grouped bars: for each group one bar of every series, side by side; the share of each label per part, say. */
import { frame, type Chart, type Heading } from './chart.js';
import { checkFinite, checkLength, checkNames, type Column } from './check.js';
import { coloursFor } from './palette.js';

export interface BarSeries {
  readonly name: string;
  /** One for each group. */
  readonly values: Column;
}

export interface BarData extends Heading {
  readonly groups: readonly string[];
  readonly series: readonly BarSeries[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly legendTitle: string;
}

/** InputError where a value is not finite, a series does not have one for each group, or two names are the same. */
export function barChart(data: BarData): Chart {
  const { title, groups, series, xTitle, yTitle, legendTitle } = data;
  const names = series.map(({ name }) => name);
  checkNames(title, 'groups', groups);
  checkNames(title, 'series', names);
  for (const { name, values } of series) {
    checkLength(title, `"${name}"`, values.length, groups.length);
    checkFinite(title, `"${name}"`, values);
  }
  const values = series.flatMap(({ name, values }) =>
    groups.map((g, i) => ({ g, s: name, v: values[i] ?? 0 })),
  );
  const width = Math.min(720, Math.max(280, values.length * 34));
  return frame(
    data,
    `Bar chart of ${yTitle} by ${xTitle} (${groups.join(', ')}) for ${names.join(', ')}.`,
    { width, height: 260 },
    [
      {
        data: { values },
        mark: { type: 'bar' },
        encoding: {
          x: {
            field: 'g',
            type: 'nominal',
            title: xTitle,
            scale: { domain: [...groups], paddingInner: 0.25, paddingOuter: 0.15 },
            axis: { grid: false, domain: true, domainColor: '#8c8c8c', labelAngle: 0 },
          },
          xOffset: { field: 's', scale: { domain: names, paddingInner: 0.08 } },
          y: { field: 'v', type: 'quantitative', title: yTitle, axis: { tickCount: 5 } },
          color: {
            field: 's',
            type: 'nominal',
            title: legendTitle,
            scale: { domain: names, range: coloursFor(names.length) },
            legend: names.length > 1 ? { orient: 'top', symbolType: 'square' } : null,
          },
        },
      },
    ],
  );
}
