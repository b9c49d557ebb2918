/**
 * Points in a plane, coloured and shaped by category: a projection of embeddings, say. Small marks that let
 * others shine through where there are many; the legend shows them full.
 */
import { InputError } from '@layerwise/errors';
import { frame, type Chart, type Heading } from './chart.js';
import { checkFinite, checkLength, checkNames, type Column } from './check.js';
import { extentOf, padded } from './extent.js';
import { legendBeside } from './legend.js';
import { coloursFor, shapesFor } from './palette.js';

export interface ScatterData extends Heading {
  readonly x: Column;
  readonly y: Column;
  /** For each point its position in `categories`. */
  readonly category: Column;
  readonly categories: readonly string[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly legendTitle: string;
}

/** InputError where a number is not finite, a column is too short, or a category has no name. */
export function scatterChart(data: ScatterData): Chart {
  const { title, x, y, category, categories, xTitle, yTitle, legendTitle } = data;
  checkLength(title, 'y', y.length, x.length);
  checkLength(title, 'category', category.length, x.length);
  checkFinite(title, 'x', x);
  checkFinite(title, 'y', y);
  checkNames(title, 'categories', categories);
  const values = Array.from({ length: x.length }, (_, i) => {
    const name = categories[category[i] ?? -1];
    if (name === undefined) {
      throw new InputError(
        `The chart "${title}" cannot be drawn: point ${i + 1} has category ${String(category[i])}, but there are ${categories.length} names; give a name for each.`,
      );
    }
    return { x: x[i] ?? 0, y: y[i] ?? 0, c: name };
  });
  const domain = [...categories];
  const few = values.length <= 200;
  return frame(
    data,
    `Scatter plot of ${values.length} points, ${yTitle} over ${xTitle}, by ${legendTitle}: ${categories.join(', ')}.`,
    { width: 440, height: 440 },
    [
      {
        data: { values },
        mark: { type: 'point', filled: true, size: few ? 45 : 22, opacity: few ? 0.8 : 0.6 },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            title: xTitle,
            scale: { domain: padded(extentOf([x]), 0.04), nice: false, zero: false },
            axis: { tickCount: 6 },
          },
          y: {
            field: 'y',
            type: 'quantitative',
            title: yTitle,
            scale: { domain: padded(extentOf([y]), 0.04), nice: false, zero: false },
            axis: { tickCount: 6 },
          },
          color: {
            field: 'c',
            type: 'nominal',
            title: legendTitle,
            scale: { domain, range: coloursFor(domain.length) },
            legend: legendBeside(domain),
          },
          shape: {
            field: 'c',
            type: 'nominal',
            title: legendTitle,
            scale: { domain, range: shapesFor(domain.length) },
          },
        },
      },
    ],
  );
}
