/**
 * Colours and shapes that tell categories apart, also to the colour-blind and in greyscale.
 *
 * The colours are M. Okabe and K. Ito's (Color Universal Design, 2008); their yellow, too pale on paper, gave
 * way to a violet, and black to a dark grey. `palette.spec.ts` simulates what the colour-blind see of them.
 * Colours and shapes are 8 and 7, numbers without a common factor: 56 categories differ.
 */

export const colours = [
  '#0072b2', // blue
  '#e69f00', // orange
  '#009e73', // bluish green
  '#d55e00', // vermilion
  '#cc79a7', // reddish purple
  '#56b4e9', // sky blue
  '#333333', // dark grey
  '#882fb5', // violet
] as const;

/** As vega names them. */
export const shapes = [
  'circle',
  'triangle-up',
  'square',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-left',
] as const;

/** A colour for each of so many categories, in their order; after the last they begin again. */
export function coloursFor(categories: number): string[] {
  return cycle(colours, categories);
}

/** A shape for each of so many categories. */
export function shapesFor(categories: number): string[] {
  return cycle(shapes, categories);
}

function cycle(list: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => list[i % list.length] ?? '');
}
