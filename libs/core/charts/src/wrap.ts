/** Breaks long texts into lines. */
import { textWidth } from './text-width.js';

export interface Letters {
  readonly fontSize: number;
  readonly bold?: boolean;
}

/** The words of `text` in lines of at most `width` pixels; a longer word is a line of its own. */
export function wrap(text: string, { fontSize, bold = false }: Letters, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    const longer = `${last ?? ''} ${word}`;
    if (last !== undefined && textWidth(longer, fontSize, bold) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
