/**
 * How often values fall into bins, for one or more series over the same bins: each an outline over a tint
 * that lets the others shine through. A vertical line may show where something was cut.
 */
import { frame, type Chart, type Heading } from './chart.js';
import { binCounts, binEdges } from './bins.js';
import { allWhole, checkFinite, checkNames, type Column } from './check.js';
import { legendAbove } from './legend.js';
import { coloursFor } from './palette.js';
import { ruleLayers, type Mark } from './rule.js';
import { baseline } from './style.js';

export interface HistogramSeries {
  readonly name: string;
  readonly values: Column;
}

export interface HistogramData extends Heading {
  readonly xTitle: string;
  /** Default: rows. */
  readonly yTitle?: string;
  readonly series: readonly HistogramSeries[];
  /** A vertical line. Between whole numbers a half (7.5) parts the bars of 7 and 8. */
  readonly cut?: { readonly value: number; readonly label: string };
  /** At most so many bins; by default twice the root of the largest series' length, 10 to 60. */
  readonly bins?: number;
}

/** Of the plot, in pixels. */
const width = 560;
const height = 280;

const fewEdges = 5;

/** InputError where a value is not finite or two series have one name. A series may be empty. */
export function histogramChart(data: HistogramData): Chart {
  const { title, xTitle, yTitle = 'rows', series, cut } = data;
  const names = series.map(({ name }) => name);
  checkNames(title, 'series', names);
  for (const { name, values } of series) checkFinite(title, `"${name}"`, values);
  if (cut !== undefined) checkFinite(title, 'the cut', [cut.value]);

  const longest = Math.max(0, ...series.map(({ values }) => values.length));
  const most = data.bins ?? Math.min(60, Math.max(10, Math.ceil(2 * Math.sqrt(longest))));
  const columns = series.map(({ values }) => values);
  const whole = columns.every(allWhole);
  const edges = binEdges(columns, { most, ...(cut !== undefined && { cut: cut.value }) });
  const values = series.flatMap((one) => outline(one.name, binCounts(one.values, edges), edges));
  // A few bins only would be as wide as the picture.
  const beside = edges.length <= fewEdges ? 2 * ((edges[1] ?? 1) - edges[0]!) : 0;
  const start = edges[0]! - beside;
  const end = (edges.at(-1) ?? 1) + beside;
  const mark: Mark | undefined = cut && { x: cut.value, label: cut.label };
  const domain: [number, number] = [Math.min(start, mark?.x ?? start), Math.max(end, mark?.x ?? end)];
  const x = {
    field: 'x',
    type: 'quantitative',
    title: xTitle,
    scale: { domain, nice: false, zero: false },
    axis: { ...baseline, ...(whole && { tickMinStep: 1 }) },
  } as const;
  const y = {
    field: 'y',
    type: 'quantitative',
    title: yTitle,
    stack: null,
    scale: values.length > 0 ? { domainMin: 0, nice: true } : { domain: [0, 1] },
    axis: { tickCount: 5, tickMinStep: 1 },
  } as const;
  const color = {
    field: 's',
    type: 'nominal',
    title: null,
    scale: { domain: names, range: coloursFor(names.length) },
    legend: legendAbove(names, width, 'square'),
  } as const;
  return frame(
    data,
    `Histogram of ${xTitle}: ${series.map((one) => `${one.name} (${one.values.length})`).join(', ')}${cut ? `, with a line at ${cut.label}` : ''}.`,
    { width, height },
    [
      {
        data: { values },
        mark: { type: 'area', interpolate: 'step-after', opacity: 1, fillOpacity: 0.3 },
        encoding: { x, y, color },
      },
      {
        data: { values },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.6, strokeJoin: 'miter' },
        encoding: { x, y, color },
      },
      ...ruleLayers(mark, domain),
    ],
  );
}

/** Corners of a series' outline from its first to its last bin that is not empty, for steps to the right. */
function outline(s: string, counts: Uint32Array, edges: Float64Array): { x: number; y: number; s: string }[] {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return [];
  const last = counts.findLastIndex((count) => count > 0);
  const at = (i: number): number => edges[i]!;
  return [
    { x: at(first), y: 0, s },
    ...Array.from(counts.subarray(first, last + 1), (y, i) => ({ x: at(first + i), y, s })),
    { x: at(last + 1), y: 0, s },
  ];
}
