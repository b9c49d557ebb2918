/**
 * How wide a text is, without a canvas to measure it with: the advance widths of DejaVu Sans, wider than
 * Helvetica, Arial and Liberation Sans, so that a text drawn in any of them fits where it was measured.
 */

/** Hundredths of an em from the space (code 32) to the tilde (126): the font's `hmtx` table, rounded. */
const ascii = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34,
  34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73,
  68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63,
  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/** Of other letters: accented and Cyrillic ones are mostly narrower, Chinese ones are as wide as high. */
const otherLetters = 70;
const wideLetters = 100;
const firstWide = 0x2e80;

/** Letters in bold are at most so much wider, but for I and J. */
const boldRatio = 1.17;

/** Pixels that `text` takes in letters of `fontSize` pixels. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let hundredths = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    hundredths += ascii[code - 32] ?? (code < firstWide ? otherLetters : wideLetters);
  }
  return (hundredths / 100) * fontSize * (bold ? boldRatio : 1);
}
