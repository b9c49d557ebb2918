/** What a person is told of a pair that was made: sizes and a few sentences, from its summary (`summary.ts`). */
import type { StageReport } from '@layerwise/artifacts';
import { LENGTH_QUANTILES, type ShiftColumns } from './summary.js';

/** Counts such as `originalTrain` for the manifest, and a sentence for each part and for their words. */
export function reportOf(summary: ShiftColumns): Required<StageReport> {
  const at = (part: string, split: string): number =>
    summary.part.findIndex((name, i) => name === part && summary.split[i] === split);
  const [ot, od, st, sd] = [
    at('original', 'train'),
    at('original', 'dev'),
    at('shifted', 'train'),
    at('shifted', 'dev'),
  ];
  const rows = (i: number): number => summary.rows[i] ?? 0;
  return {
    counts: { originalTrain: rows(ot), originalDev: rows(od), shiftedTrain: rows(st), shiftedDev: rows(sd) },
    notes: [
      `original (D_o): ${summary.task[ot]}, ${describe(summary, ot)}, ${describe(summary, od)}`,
      `shifted (D_s): ${summary.task[st]}, ${describe(summary, st)}, ${describe(summary, sd)}`,
      `${percent(summary.vocabularyOverlap[st] ?? 0)} of the training words' types are common to both parts; of the dev words, ${percent(summary.knownWords[od] ?? 0)} (D_o) and ${percent(summary.knownWords[sd] ?? 0)} (D_s) occur in the training of D_o`,
    ],
  };
}

/** `33675 train rows of 1 to 7 words (negative 45.0 %, positive 55.0 %)` */
function describe(summary: ShiftColumns, i: number): string {
  const { labels, labelShares, wordQuantiles } = summary;
  const names = labels.values.slice(labels.offsets[i], labels.offsets[i + 1]);
  const shares = labelShares.values.subarray(labelShares.offsets[i], labelShares.offsets[i + 1]);
  const balance = names.map((name, label) => `${name} ${percent(shares[label] ?? 0)}`).join(', ');
  const quantile = (percent: (typeof LENGTH_QUANTILES)[number]): number =>
    wordQuantiles.values[(wordQuantiles.offsets[i] ?? 0) + LENGTH_QUANTILES.indexOf(percent)] ?? NaN;
  return `${summary.rows[i] ?? 0} ${summary.split[i]} rows of ${quantile(0)} to ${quantile(100)} words (${balance})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
