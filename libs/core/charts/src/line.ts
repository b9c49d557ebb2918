/**
 * Lines over a number: the silhouette for each K, say, or a learning rate for each layer group. Series differ
 * in colour and in the shape of their points, or, where there are too many points to be seen, in their
 * dashes.
 */
import { frame, type Chart, type Heading, type Layers } from './chart.js';
import { allWhole, checkFinite, checkLength, checkNames, type Column } from './check.js';
import { extentOf, padded } from './extent.js';
import { legendAbove } from './legend.js';
import { checkPositive, logAxis } from './log-axis.js';
import { coloursFor, dashesFor, shapesFor } from './palette.js';
import { levelLayers, ruleLayers, type Level, type Mark } from './rule.js';
import { baseline, ink } from './style.js';

export interface LineSeries {
  readonly name: string;
  /** One for each x. */
  readonly y: Column;
  /** Of the line, in pixels; 2 where it is left out. */
  readonly width?: number;
}

/** What lies between two curves, tinted under the lines. The subtitle has to say what it is. */
export interface LineBand {
  /** One for each x. */
  readonly low: Column;
  /** One for each x. */
  readonly high: Column;
  /** Name of the series whose band it is, and whose colour it has; grey where it is left out. */
  readonly of?: string;
}

export interface LineData extends Heading {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly x: Column;
  readonly series: readonly LineSeries[];
  /** A vertical line with a label, at the value that was taken, say. */
  readonly mark?: Mark;
  /** A horizontal line with a label: something to compare with. */
  readonly level?: Level;
  readonly band?: LineBand;
  /** Shows orders of magnitude as equal steps; every y is above 0 then. */
  readonly logY?: boolean;
}

/** Of the plot, in pixels. */
const width = 520;

/** Up to so many points are drawn as such. */
const few = 50;

/** Of a line, and of the points on it. */
const usual = { width: 2, size: 50 };

/**
 * InputError where a value is not finite (or on a logarithmic axis not above 0), a series does not have one
 * for each x, or two have one name.
 */
export function lineChart(data: LineData): Chart {
  check(data);
  const { xTitle, yTitle, x, series, mark, level, band } = data;
  const names = series.map(({ name }) => name);
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
    y: { field: 'y', type: 'quantitative', title: yTitle, ...yScale(data) },
    color: { ...bySeries, scale: { domain: names, range: coloursFor(names.length) } },
  } as const;
  const shape = { ...bySeries, scale: { domain: names, range: shapesFor(names.length) } };
  const strokeDash = { ...bySeries, scale: { domain: names, range: dashesFor(names.length) } };
  const groups = byWidth(series).map(({ wide, of }) => ({ wide, data: { values: valuesOf(x, of) } }));
  const lines = groups.map(({ wide, data: own }) => ({
    data: own,
    mark: { type: 'line' as const, strokeWidth: wide },
    encoding: x.length > few ? { ...encoding, strokeDash } : encoding,
  }));
  const points = groups.map(({ wide, data: own }) => ({
    data: own,
    mark: { type: 'point' as const, filled: true, size: (usual.size * wide) / usual.width, opacity: 1 },
    encoding: { ...encoding, shape },
  }));
  return frame(data, descriptionOf(data), { width, height: 280 }, [
    ...ruleLayers(mark, domain),
    ...bandLayers(band, x, bandColour(band, names)),
    ...levelLayers(level, domain),
    ...lines,
    ...(x.length > few ? [] : points),
  ]);
}

function check({ title, x, series, mark, level, band, logY }: LineData): void {
  const checkY = logY === true ? checkPositive : checkFinite;
  checkNames(
    title,
    'series',
    series.map(({ name }) => name),
  );
  checkFinite(title, 'x', x);
  const columns = [
    ...series.map(({ name, y }) => ({ what: `"${name}"`, y })),
    ...(band === undefined ? [] : [band.low, band.high].map((y) => ({ what: 'the band', y }))),
  ];
  for (const { what, y } of columns) {
    checkLength(title, what, y.length, x.length);
    checkY(title, what, y);
  }
  if (mark !== undefined) checkFinite(title, 'the mark', [mark.x]);
  if (level !== undefined) checkY(title, 'the level', [level.y]);
}

function yScale({ series, band, level, logY }: LineData) {
  const columns = [
    ...series.map(({ y }) => y),
    ...(band === undefined ? [] : [band.low, band.high]),
    ...(level === undefined ? [] : [[level.y]]),
  ];
  if (logY !== true) {
    return {
      scale: { domain: padded(extentOf(columns), 0.05), nice: true, zero: false },
      axis: { tickCount: 5 },
    };
  }
  const { domain, ticks } = logAxis(columns);
  // "1e-5", without the minus sign of typography.
  return {
    scale: { type: 'log' as const, domain, nice: false },
    axis: { values: [...ticks], labelExpr: "replace(format(datum.value, '.0e'), '−', '-')" },
  };
}

/** The series of each width, the thinnest first, so that the thickest lie on top. */
function byWidth(series: readonly LineSeries[]): { wide: number; of: readonly LineSeries[] }[] {
  const widths = [...new Set(series.map((one) => one.width ?? usual.width))].sort((a, b) => a - b);
  // Without any, one empty layer still makes the axes.
  if (widths.length === 0) return [{ wide: usual.width, of: [] }];
  return widths.map((wide) => ({ wide, of: series.filter((one) => (one.width ?? usual.width) === wide) }));
}

function valuesOf(x: Column, series: readonly LineSeries[]) {
  return series.flatMap(({ name, y }) => Array.from(x, (x, i) => ({ x, y: y[i]!, s: name })));
}

function bandColour(band: LineBand | undefined, names: readonly string[]): string {
  const place = band?.of === undefined ? -1 : names.indexOf(band.of);
  return coloursFor(names.length)[place] ?? ink.baseline;
}

function bandLayers(band: LineBand | undefined, x: Column, color: string): Layers {
  if (band === undefined) return [];
  const values = Array.from(x, (x, i) => ({ x, low: band.low[i]!, high: band.high[i]! }));
  return [
    {
      data: { values },
      mark: { type: 'area', color, opacity: color === ink.baseline ? 0.25 : 0.15, line: false },
      encoding: {
        x: { field: 'x', type: 'quantitative' },
        y: { field: 'low', type: 'quantitative' },
        y2: { field: 'high' },
      },
    },
  ];
}

function descriptionOf({ xTitle, yTitle, series, level, band }: LineData): string {
  const names = series.map(({ name }) => name);
  const more = [
    ...(band === undefined ? [] : ['a band']),
    ...(level === undefined ? [] : [`a line at ${level.label}`]),
  ];
  const also = more.length === 0 ? '' : `, with ${more.join(' and ')}`;
  return `Line chart of ${yTitle} over ${xTitle} for ${names.join(', ')}${also}.`;
}
