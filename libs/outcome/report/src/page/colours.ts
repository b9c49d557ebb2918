/**
 * The page's colours in the light and in the dark. Charts come in colours for paper; in the dark each of
 * these is replaced by one that stands out from the dark ground, by CSS that finds it in the drawing.
 * Contrast is that of WCAG 2.2 (sections 1.4.3 and 1.4.11).
 */
import { coloursFor, ink } from '@layerwise/charts';

export const GROUND = { light: '#ffffff', dark: '#16181d' } as const;

/** Of the page's own text, links and lines. */
export const PAGE = {
  light: { text: '#222222', quiet: '#595959', line: '#d9d9d9', tint: '#f4f5f7', link: '#005a8c' },
  dark: { text: '#e8e8e8', quiet: '#b4b8be', line: '#3d4148', tint: '#22252b', link: '#7cc4f2' },
} as const;

/** More than the 3 that marks need, because charts let some shine through. */
const FOR_MARKS = 4.5;

/** Eight colours, and those darker and lighter: as many as charts use (`palette.ts` of charts). */
const CATEGORIES = 24;

/** Colour of a chart → colour in the dark. */
export function darkColours(): ReadonlyMap<string, string> {
  return new Map([
    ...coloursFor(CATEGORIES).map((colour) => [colour, standingOut(colour, GROUND.dark, FOR_MARKS)] as const),
    [ink.text, PAGE.dark.text],
    [ink.quiet, PAGE.dark.quiet],
    [ink.grid, '#33373e'],
    [ink.baseline, '#7d828a'],
  ]);
}

/** The rules that replace colours of drawings inside `selector`. */
export function darkRules(selector: string): string {
  return [...darkColours()]
    .map(
      ([from, to]) => `${selector} [fill="${from}"]{fill:${to}}${selector} [stroke="${from}"]{stroke:${to}}`,
    )
    .join('\n');
}

/** WCAG's contrast ratio of two colours `#rrggbb`: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The colour, mixed with as little white as gives the contrast. */
function standingOut(colour: string, ground: string, least: number): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = withWhite(colour, share);
    if (contrast(mixed, ground) >= least) return mixed;
  }
  return '#ffffff';
}

function withWhite(colour: string, share: number): string {
  return `#${channels(colour)
    .map((value) => Math.round(value + share * (255 - value)))
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
