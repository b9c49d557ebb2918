/**
 * Colours and shapes that tell categories apart, also to the colour-blind and in print without colours.
 *
 * The colours are those of Okabe and Ito, "Color Universal Design" (2008), without the yellow that white paper swallows;
 * `palette.spec.ts` checks their distances as people with protanopia, deuteranopia and tritanopia see them. A shape goes with each.
 */

const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#000000', '#56B4E9', '#E69F00'] as const;

/** Shapes as vega names them; their number has no factor in common with that of the colours. */
const SHAPES = ['circle', 'triangle-up', 'square', 'diamond', 'cross', 'triangle-down'] as const;

/** Colours of so many categories, in their order; after seven they begin again. */
export function coloursFor(categories: number): string[] {
  return Array.from({ length: categories }, (_, i) => COLOURS[i % COLOURS.length] ?? COLOURS[0]);
}

/** Shapes of so many categories; with their colours, 42 can be told apart. */
export function shapesFor(categories: number): string[] {
  return Array.from({ length: categories }, (_, i) => SHAPES[i % SHAPES.length] ?? SHAPES[0]);
}
