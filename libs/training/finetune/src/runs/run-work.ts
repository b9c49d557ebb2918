/**
 * What runs of the protocol take, for estimates of stages: steps of both phases, and texts that are only read
 * when the tasks are asked.
 */
import type { TaskRows } from '@layerwise/artifacts';
import { stepsPerEpoch } from '../batches/batch-order.js';
import { epochsOfTasks, type Epochs, type TrainingOptions } from '../options.js';
import type { PhaseLengths } from './rung.js';

/** What of training decides how long it is. */
export type RunLength = Epochs & Pick<TrainingOptions, 'batch' | 'accumulate'>;

/** Steps of both phases of a plain run. @param rows of D_o and of D_s that are trained on */
export function lengthsOfRows(
  length: RunLength,
  rows: { readonly original: number; readonly shifted: number },
): PhaseLengths {
  const { epochsOriginal, epochsShifted } = epochsOfTasks(length);
  const { batch, accumulate } = length;
  const steps = (trained: number, epochs: number): number =>
    epochs * stepsPerEpoch(trained, batch * accumulate);
  return { original: steps(rows.original, epochsOriginal), shifted: steps(rows.shifted, epochsShifted) };
}

/**
 * Steps and texts read of one run on a pair: D_o's dev split is asked before and after phase 2, that of D_s
 * once.
 */
export function workOfRun(
  length: RunLength,
  [original, shifted]: readonly TaskRows[],
): { readonly steps: number; readonly textsRead: number } {
  const rows = { original: original?.train ?? 0, shifted: shifted?.train ?? 0 };
  const lengths = lengthsOfRows(length, rows);
  return {
    steps: lengths.original + lengths.shifted,
    textsRead: 2 * (original?.dev ?? 0) + (shifted?.dev ?? 0),
  };
}
