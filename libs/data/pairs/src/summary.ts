/**
 * How the parts of a pair (`pair.ts`) differ on the surface: sizes, label balance, lengths and vocabulary, a
 * row for each split of each part. Whether they differ for an encoder is the affair of `shift-summary`.
 *
 * Notation: V the set of lower-cased words of one split (`words.ts`), J = |V₁ ∩ V₂| / |V₁ ∪ V₂| Jaccard's
 * index.
 */
import { column, defineTable, nullableColumn, type ColumnsOf, type Split } from '@layerwise/artifacts';
import { quantilesOf } from '@layerwise/statistics';
import { PAIR_SPLITS, PARTS, perSplitOfPart } from './pair.js';
import type { Pair, PairSplit, PartName, PerSplit } from './pair.js';
import { wordCounts, wordLengths } from './words.js';

/** Shares of rows at which lengths are told, in percent. */
const LENGTH_QUANTILES = [0, 5, 25, 50, 75, 95, 100] as const;

export const shiftTable = defineTable({
  name: 'shift',
  version: 1,
  description: 'How the two parts of a pair differ on the surface: a row for each split of each part',
  columns: [
    column('part', 'utf8', 'original (D_o) or shifted (D_s)'),
    column('task', 'utf8', "the part's name"),
    column('split', 'utf8', 'train or dev'),
    column('rows', 'int32', 'size', 'rows'),
    column('labels', 'list<utf8>', 'label names'),
    column('labelRows', 'list<int32>', 'rows of each label', 'rows'),
    column('labelShares', 'list<float64>', 'share of the rows that has each label'),
    column(
      'wordQuantiles',
      'list<float64>',
      'lengths of text and pair together: at 0, 5, 25, 50, 75, 95 and 100 % of the rows, linearly between two rows',
      'words',
    ),
    column('words', 'int32', 'all words', 'words'),
    column('vocabulary', 'int32', 'different words, lower-cased', 'words'),
    column(
      'vocabularyOverlap',
      'float64',
      "Jaccard's index of the vocabularies of this split in both parts: 1 where they are equal",
    ),
    column('knownWords', 'float64', 'share of the words that occur in the train split of the original part'),
    nullableColumn(
      'cut',
      'float64',
      'where a cut by length lies, in the unit of the metadata; null where none was made',
    ),
  ],
  metadataKeys: ['kind', 'lengthUnit'],
});

export type ShiftColumns = ColumnsOf<(typeof shiftTable)['columns']>;

interface Cell {
  readonly part: PartName;
  readonly split: PairSplit;
}

const CELLS: readonly Cell[] = PARTS.flatMap((part) => PAIR_SPLITS.map((split) => ({ part, split })));

/** The row of `shift.arrow` for a split of a part. */
export function cellOf(part: PartName, split: PairSplit): number {
  return CELLS.findIndex((cell) => cell.part === part && cell.split === split);
}

/** The columns of `shift.arrow`: original train and dev, then shifted train and dev. */
export function summarise(pair: Pair, cut?: PerSplit<number>): ShiftColumns {
  const vocabularies = perSplitOfPart(pair, wordCounts);
  const vocabularyOf = ({ part, split }: Cell) => vocabularies[part][split];
  const splitOf = ({ part, split }: Cell): Split => pair[part][split];
  const labelRows = CELLS.map((cell) => countLabels(splitOf(cell), pair[cell.part].labels.length));
  const quantiles = CELLS.map((cell) =>
    quantilesOf(
      wordLengths(splitOf(cell)),
      LENGTH_QUANTILES.map((percent) => percent / 100),
    ),
  );
  return {
    part: CELLS.map(({ part }) => part),
    task: CELLS.map(({ part }) => pair[part].name),
    split: CELLS.map(({ split }) => split),
    rows: Int32Array.from(CELLS, (cell) => splitOf(cell).label.length),
    labels: {
      offsets: offsetsOf(labelRows),
      values: CELLS.flatMap(({ part }) => pair[part].labels),
    },
    labelRows: {
      offsets: offsetsOf(labelRows),
      values: Int32Array.from(labelRows.flatMap((counts) => [...counts])),
    },
    labelShares: {
      offsets: offsetsOf(labelRows),
      values: Float64Array.from(
        CELLS.flatMap((cell, i) => sharesOf(labelRows[i] ?? [], splitOf(cell).label.length)),
      ),
    },
    wordQuantiles: { offsets: offsetsOf(quantiles), values: Float64Array.from(quantiles.flat()) },
    words: Int32Array.from(CELLS, (cell) => totalOf(vocabularyOf(cell))),
    vocabulary: Int32Array.from(CELLS, (cell) => vocabularyOf(cell).size),
    vocabularyOverlap: Float64Array.from(CELLS, ({ split }) =>
      jaccard(vocabularies.original[split], vocabularies.shifted[split]),
    ),
    knownWords: Float64Array.from(CELLS, (cell) =>
      knownShare(vocabularyOf(cell), vocabularies.original.train),
    ),
    cut: CELLS.map(({ split }) => cut?.[split] ?? null),
  };
}

/** Rows of each label: [labels]. */
function countLabels({ label }: Split, labels: number): Int32Array {
  const counts = new Int32Array(labels);
  for (const one of label) counts[one] = counts[one]! + 1;
  return counts;
}

function sharesOf(counts: ArrayLike<number>, total: number): number[] {
  return Array.from(counts, (count) => count / total);
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

/** J of two vocabularies; 1 of two empty ones. */
function jaccard(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const word of first.keys()) if (second.has(word)) common++;
  const union = first.size + second.size - common;
  return union === 0 ? 1 : common / union;
}

/** Share of the words counted in `counts` that `known` has; 1 of no words. */
function knownShare(counts: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>): number {
  let [found, total] = [0, 0];
  for (const [word, count] of counts) {
    total += count;
    if (known.has(word)) found += count;
  }
  return total === 0 ? 1 : found / total;
}

function offsetsOf(lists: readonly ArrayLike<unknown>[]): Int32Array {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (offsets[i + 1] = offsets[i]! + list.length));
  return offsets;
}
