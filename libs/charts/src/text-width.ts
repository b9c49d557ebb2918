/** Estimates how wide a text is: there is no canvas to measure it with. */

/** Pixels that `text` takes at most in `fontSize` pixels high letters, as vega estimates it. */
export function textWidth(text: string, fontSize: number): number {
  return Math.trunc(0.8 * text.length * fontSize);
}
