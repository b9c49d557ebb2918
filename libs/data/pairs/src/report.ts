/** What a person is told of a pair that was made: sizes and sentences, from its summary (`summary.ts`). */
import type { StageReport } from '@layerwise/artifacts';
import { counted } from '@layerwise/errors';
import { PAIR_SPLITS, type Pair, type PairSplit, type PartName } from './pair.js';
import type { LengthUnit, RowLengths } from './rows-table.js';
import { cellOf, type ShiftColumns } from './summary.js';

/** Counts such as `originalTrain` for the manifest, a sentence for each part and one for their words. */
export function reportOf(pair: Pair, summary: ShiftColumns, lengths: RowLengths): Required<StageReport> {
  const rows = (part: PartName, split: PairSplit): number => pair[part][split].label.length;
  const known = (part: PartName): string => percent(summary.knownWords[cellOf(part, 'dev')]!);
  const overlap = percent(summary.vocabularyOverlap[cellOf('original', 'train')]!);
  return {
    counts: {
      originalTrain: rows('original', 'train'),
      originalDev: rows('original', 'dev'),
      shiftedTrain: rows('shifted', 'train'),
      shiftedDev: rows('shifted', 'dev'),
    },
    notes: [
      `D_o is ${pair.original.name}: ${describe(summary, lengths, 'original')}`,
      `D_s is ${pair.shifted.name}: ${describe(summary, lengths, 'shifted')}`,
      `the parts share ${overlap} of their training vocabulary; training on D_o shows ${known('original')} of the words in D_o's dev rows and ${known('shifted')} of those in D_s's`,
    ],
  };
}

function describe(summary: ShiftColumns, lengths: RowLengths, part: PartName): string {
  return PAIR_SPLITS.map((split) => {
    const cell = cellOf(part, split);
    const { labels, labelShares } = summary;
    const [start, end] = [labels.offsets[cell]!, labels.offsets[cell + 1]!];
    const balance = labels.values
      .slice(start, end)
      .map((label, i) => `${label} ${percent(labelShares.values[start + i]!)}`);
    const rows = summary.rows[cell]!;
    return `${counted(rows, `${split} row`)} of ${range(lengths.of[part][split], lengths.unit)} (${balance.join(', ')})`;
  }).join(', ');
}

/** The shortest and the longest length, or the one that all rows have. */
function range(lengths: Int32Array, unit: LengthUnit): string {
  let [shortest, longest] = [Infinity, -Infinity];
  for (const length of lengths) {
    if (length < shortest) shortest = length;
    if (length > longest) longest = length;
  }
  if (shortest < longest) return `${shortest} to ${longest} ${unit}`;
  return counted(shortest, unit.slice(0, -1));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
