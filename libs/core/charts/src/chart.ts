/**
 * What a chart is: a vega-lite spec with its data inside, made by a pure function of numbers and names
 * (`scatter.ts`, `histogram.ts`, `bar.ts`, `line.ts`) and turned into SVG and PNG by `render.ts`.
 */
import type { TopLevelSpec } from 'vega-lite';
import { letters, style } from './style.js';
import { wrap } from './wrap.js';

type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>;
export type Layers = LayeredSpec['layer'];

/** A picture to be: hand it to `renderChart` or `writeChart`. */
export interface Chart {
  readonly title: string;
  /** What the picture shows, for those who do not see it: the `<desc>` of the SVG. */
  readonly description: string;
  readonly spec: LayeredSpec;
}

/** What every chart is told. Long lines are broken. */
export interface Heading {
  readonly title: string;
  /** What the picture is of: data, encoder, settings. */
  readonly subtitle?: string;
}

/** Room for the labels of an axis beside the plot, over which a title may reach. */
const axisRoom = 50;

/** Puts title, size and common style around the layers of a chart. Sizes are of the plot area, in pixels. */
export function frame(
  { title, subtitle }: Heading,
  description: string,
  size: { readonly width: number; readonly height: number },
  layer: Layers,
): Chart {
  const width = size.width + axisRoom;
  const heading = {
    text: wrap(title, letters.title, width),
    ...(subtitle !== undefined && { subtitle: wrap(subtitle, letters.small, width) }),
  };
  return { title, description, spec: { ...size, title: heading, layer, config: style } };
}
