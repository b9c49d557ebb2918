/** Lines over a number: the silhouette for each K, say. Series differ in colour, dash and point. */
import { frame, type Chart, type Heading } from './chart.js';
import { checkFinite, checkLength, checkNames, type Column } from './check.js';
import { extentOf, padded } from './extent.js';
import { legendAbove } from './legend.js';
import { coloursFor, shapesFor } from './palette.js';
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
  const whole = Array.from(x).every(Number.isInteger);
  const legend = legendAbove(names, width);
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
    color: {
      field: 's',
      type: 'nominal',
      title: null,
      scale: { domain: names, range: coloursFor(names.length) },
      legend,
    },
  } as const;
  return frame(
    data,
    `Line chart of ${yTitle} over ${xTitle} for ${names.join(', ')}.`,
    { width, height: 280 },
    [
      ...ruleLayers(mark, domain),
      { data: { values }, mark: { type: 'line', strokeWidth: 2 }, encoding },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 50, opacity: 1 },
        encoding: {
          ...encoding,
          shape: {
            field: 's',
            type: 'nominal',
            title: null,
            scale: { domain: names, range: shapesFor(names.length) },
            legend,
          },
        },
      },
    ],
  );
}
