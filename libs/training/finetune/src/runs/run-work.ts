/**
 * What runs of the protocol take, for estimates of stages: steps of both phases, and texts that are only read
 * when the tasks are asked.
 */
import type { TaskRows } from '@layerwise/artifacts';
import { stepsPerEpoch } from '../batches/batch-order.js';
import { epochsOfTasks, type Epochs, type TrainingOptions } from '../options.js';
import { PHASES } from '../settings.js';
import type { PhaseLengths } from './rung.js';

/** What of training decides how long it is. */
export type RunLength = Epochs & Pick<TrainingOptions, 'batch' | 'accumulate'>;

/** Steps of both phases of a plain run. @param rows of D_o and of D_s that are trained on */
export function lengthsOfRows(
  length: RunLength,
  rows: { readonly original: number; readonly shifted: number },
): PhaseLengths {
  const [original, shifted] = PHASES.map((name, phase) => stepsOf(length, phase, rows[name]));
  return { original: original!, shifted: shifted! };
}

/**
 * Steps and texts read of one run on a pair or a longer sequence: the dev split of a task is asked after its
 * own phase and after each later one.
 */
export function workOfRun(
  length: RunLength,
  tasks: readonly TaskRows[],
): { readonly steps: number; readonly textsRead: number } {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    steps: sum(tasks.map(({ train }, phase) => stepsOf(length, phase, train))),
    textsRead: sum(tasks.map(({ dev }, phase) => dev * (tasks.length - phase))),
  };
}

/** Of a phase on so many rows. */
function stepsOf(length: RunLength, phase: number, rows: number): number {
  const { epochsOriginal, epochsShifted } = epochsOfTasks(length);
  const epochs = phase === 0 ? epochsOriginal : epochsShifted;
  return epochs * stepsPerEpoch(rows, length.batch * length.accumulate);
}
