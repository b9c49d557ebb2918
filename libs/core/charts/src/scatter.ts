/**
 * Points in a plane, coloured and shaped by category: a projection of embeddings, say. Small marks that let
 * others shine through where there are many; the legend shows them full.
 */
import { InputError } from '@layerwise/errors';
import { frame, type Chart, type Heading } from './chart.js';
import { checkFinite, checkLength, checkNames, type Column } from './check.js';
import { extentOf, padded, sameSpan, type Extent } from './extent.js';
import { foldRare } from './fold-rare.js';
import { legendBeside } from './legend.js';
import { coloursFor, mostCategories, shapesFor } from './palette.js';

export interface ScatterData extends Heading {
  readonly x: Column;
  readonly y: Column;
  /** For each point its position in `categories`. */
  readonly category: Column;
  /** In the order of the legend. Of more than 56 the rarest are shown as one. */
  readonly categories: readonly string[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly legendTitle: string;
  /** One unit is as long on both axes, so that distances are true: for projections. Default false. */
  readonly sameScale?: boolean;
}

/** Width and height of the plot, in pixels. */
const side = 440;

/** Empty space at the ends of the axes, so that no mark is cut. */
const margin = 0.04;

/** Up to so many points are drawn larger. */
const few = 200;

/** InputError where a number is not finite, a column is too short, or a category has no name of its own. */
export function scatterChart(data: ScatterData): Chart {
  const { title, x, y, category, categories, xTitle, yTitle, legendTitle } = data;
  checkLength(title, 'y', y.length, x.length);
  checkLength(title, 'category', category.length, x.length);
  checkFinite(title, 'x', x);
  checkFinite(title, 'y', y);
  checkNames(title, 'categories', categories);
  checkCategories(title, category, categories.length);

  const folded = foldRare({ category, names: categories }, mostCategories);
  const domain = [...folded.names];
  const values = Array.from({ length: x.length }, (_, i) => ({
    x: x[i]!,
    y: y[i]!,
    c: domain[folded.category[i]!]!,
  }));
  const extents: [Extent, Extent] = [padded(extentOf([x]), margin), padded(extentOf([y]), margin)];
  const [xExtent, yExtent] = data.sameScale === true ? sameSpan(...extents) : extents;
  const axis = { tickCount: 6 };
  const legend = legendBeside(domain);
  const byCategory = { field: 'c', type: 'nominal', title: legendTitle, legend } as const;
  const marks = values.length <= few ? { size: 45, fillOpacity: 0.8 } : { size: 22, fillOpacity: 0.6 };
  return frame(
    data,
    `Scatter plot of ${values.length} points, ${yTitle} over ${xTitle}, by ${legendTitle}: ${domain.join(', ')}.`,
    { width: side, height: side },
    [
      {
        data: { values },
        mark: { type: 'point', filled: true, opacity: 1, ...marks },
        encoding: {
          x: { field: 'x', type: 'quantitative', title: xTitle, scale: scaleOf(xExtent), axis },
          y: { field: 'y', type: 'quantitative', title: yTitle, scale: scaleOf(yExtent), axis },
          color: { ...byCategory, scale: { domain, range: coloursFor(domain.length) } },
          shape: { ...byCategory, scale: { domain, range: shapesFor(domain.length) } },
        },
      },
    ],
  );
}

function scaleOf([low, high]: Extent): { domain: number[]; nice: false; zero: false } {
  return { domain: [low, high], nice: false, zero: false };
}

function checkCategories(title: string, category: Column, names: number): void {
  for (let i = 0; i < category.length; i++) {
    const value = category[i]!;
    if (!(Number.isInteger(value) && value >= 0 && value < names)) {
      throw new InputError(
        `The chart "${title}" cannot be drawn: point ${i + 1} is of category ${value}, but there are ${names} names; give a name for each`,
      );
    }
  }
}
