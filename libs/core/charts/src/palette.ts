/**
 * Colours and shapes that tell categories apart, also to the colour-blind and in greyscale.
 *
 * The colours are M. Okabe and K. Ito's (Color Universal Design, 2008); their yellow, too pale on paper, gave
 * way to a plum, and black to a dark grey. `palette.spec.ts` simulates what the colour-blind see of them.
 * Colours and shapes are 8 and 7, numbers without a common factor, so that no pair returns before it must.
 */

export const colours = [
  '#0072b2', // blue
  '#e69f00', // orange
  '#009e73', // bluish green
  '#d55e00', // vermilion
  '#cc79a7', // reddish purple
  '#56b4e9', // sky blue
  '#333333', // dark grey
  '#781c6d', // plum
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

/** So many categories differ in colour, shape or both. */
export const mostCategories = colours.length * shapes.length;

/** Dashes and gaps of lines, in pixels; the first is whole. */
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [9, 3, 2, 3],
] as const;

/** A colour for each of so many categories: the eight, the same darker, then lighter, then anew. */
export function coloursFor(categories: number): string[] {
  const darker = colours.map(mixed(0, 0.45));
  const lighter = colours.map(mixed(255, 0.45));
  return cycle<string>([...colours, ...darker, ...lighter], categories);
}

/** A shape for each of so many categories. */
export function shapesFor(categories: number): string[] {
  return cycle<string>(shapes, categories);
}

/** A dash pattern for each of so many lines. */
export function dashesFor(lines: number): number[][] {
  return cycle<readonly number[]>(dashes, lines).map((dash) => [...dash]);
}

function cycle<Item>(list: readonly [Item, ...Item[]], count: number): Item[] {
  return Array.from({ length: count }, (_, i) => list[i % list.length] ?? list[0]);
}

/** Mixes `share` of a grey into the three channels of a colour. */
function mixed(grey: number, share: number): (colour: string) => string {
  const channel = (hex: string): string => {
    const value = (1 - share) * Number.parseInt(hex, 16) + share * grey;
    return Math.round(value).toString(16).padStart(2, '0');
  };
  return (colour) => colour.replaceAll(/[0-9a-f]{2}/g, channel);
}
