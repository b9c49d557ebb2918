/** The different texts of a split: what occurs twice is embedded once. */
import type { Split } from '@layerwise/artifacts';

export interface DistinctTexts {
  readonly texts: readonly string[];
  readonly pairs: readonly string[] | null;
  /** The first row of each. */
  readonly firstRow: Int32Array;
  /** Of each row of the split, which of them it is. */
  readonly textOfRow: Int32Array;
}

/** In the order of their first rows. */
export function distinctTexts({ text, pair }: Pick<Split, 'text' | 'pair'>): DistinctTexts {
  const places = new Map<string, number>();
  const firstRow: number[] = [];
  const textOfRow = Int32Array.from(text, (first, row) => {
    // The length of the first tells where it ends, whatever it holds.
    const key = pair === null ? first : `${first.length} ${first}${pair[row] ?? ''}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, firstRow.length);
    firstRow.push(row);
    return firstRow.length - 1;
  });
  return {
    texts: firstRow.map((row) => text[row] ?? ''),
    pairs: pair && firstRow.map((row) => pair[row] ?? ''),
    firstRow: Int32Array.from(firstRow),
    textOfRow,
  };
}
