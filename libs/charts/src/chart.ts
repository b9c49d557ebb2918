/**
 * What all charts have in common: a vega-lite specification with its data inside, under one heading and in one style (`style.ts`).
 * `render.ts` makes pictures of it.
 */
import type { TopLevelSpec } from 'vega-lite';
import { style } from './style.js';
import { wrap } from './wrap.js';

export interface Heading {
  readonly title: string;
  /** What the picture is of: data, encoder, settings. */
  readonly subtitle?: string;
}

type Layered = Extract<TopLevelSpec, { layer: unknown }>;

/** A picture to be: hand it to `renderChart` or `writeChart`. */
export interface Chart {
  readonly title: string;
  /** The picture in words, for those who hear it. */
  readonly description: string;
  readonly spec: Layered;
}

/** Layers in a plot of so many pixels under their heading, whose lines are broken to its width. */
export function frame(
  { title, subtitle }: Heading,
  description: string,
  size: { readonly width: number; readonly height: number },
  layer: Layered['layer'],
): Chart {
  const { width } = size;
  const heading = {
    text: wrap(title, 16, width),
    ...(subtitle !== undefined && { subtitle: wrap(subtitle, 12, width) }),
  };
  return { title, description, spec: { ...size, title: heading, config: style, layer } };
}
