/**
 * Lines over a number: the silhouette for each K, say. Series differ in colour and in the shape of their points,
 * or, where there are too many points to be seen, in their dashes.
 */
import { frame, type Chart, type Heading } from './chart.js';
import { allWhole, checkFinite, checkLength, checkNames, type Column } from './check.js';
import { extentOf, padded } from './extent.js';
import { legendAbove } from './legend.js';
import { coloursFor, dashesFor, shapesFor } from './palette.js';
import { ruleLayers, type Mark } from './rule.js';
import { baseline } from './style.js';

export interface LineSeries {
  readonly name: string;
  /** One for each x. */
  readonly y: Column;
}

export interface LineData extends Heading {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly x: Column;
  readonly series: readonly LineSeries[];
  /** A vertical line with a label, at the value that was taken, say. */
  readonly mark?: Mark;
}

/** Of the plot, in pixels. */
const width = 520;

/** Up to so many points are drawn as such. */
const few = 50;

/** InputError where a value is not finite, a series does not have one for each x, or two have one name. */
export function lineChart(data: LineData): Chart {
  const { title, xTitle, yTitle, x, series, mark } = data;
  const names = series.map(({ name }) => name);
  checkNames(title, 'series', names);
  checkFinite(title, 'x', x);
  for (const { name, y } of series) {
    checkLength(title, `"${name}"`, y.length, x.length);
    checkFinite(title, `"${name}"`, y);
  }
  if (mark !== undefined) checkFinite(title, 'the mark', [mark.x]);

  const values = series.flatMap(({ name, y }) => Array.from(x, (x, i) => ({ x, y: y[i] ?? 0, s: name })));
  const domain = padded(extentOf([x, ...(mark === undefined ? [] : [[mark.x]])]), 0.04);
  const whole = allWhole(x);
  const legend = legendAbove(names, width);
  const bySeries = { field: 's', type: 'nominal', title: null, legend } as const;
  const encoding = {
    x: {
      field: 'x',
      type: 'quantitative',
      title: xTitle,
      scale: { domain, nice: false, zero: false },
      axis: { ...baseline, ...(whole && { tickMinStep: 1 }) },
    },
    y: {
      field: 'y',
      type: 'quantitative',
      title: yTitle,
      scale: { domain: padded(extentOf(series.map(({ y }) => y)), 0.05), nice: true, zero: false },
      axis: { tickCount: 5 },
    },
    color: { ...bySeries, scale: { domain: names, range: coloursFor(names.length) } },
  } as const;
  const shape = { ...bySeries, scale: { domain: names, range: shapesFor(names.length) } };
  const strokeDash = { ...bySeries, scale: { domain: names, range: dashesFor(names.length) } };
  const line = { type: 'line', strokeWidth: 2 } as const;
  return frame(
    data,
    `Line chart of ${yTitle} over ${xTitle} for ${names.join(', ')}.`,
    { width, height: 280 },
    [
      ...ruleLayers(mark, domain),
      ...(x.length > few
        ? [{ data: { values }, mark: line, encoding: { ...encoding, strokeDash } }]
        : [
            { data: { values }, mark: line, encoding },
            {
              data: { values },
              mark: { type: 'point' as const, filled: true, size: 50, opacity: 1 },
              encoding: { ...encoding, shape },
            },
          ]),
    ],
  );
}
