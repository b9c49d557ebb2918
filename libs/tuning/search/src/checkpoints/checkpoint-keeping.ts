/**
 * What becomes of checkpoints on the disk: `checkpoint-budget.ts` says which ones go, and here they go, the
 * line of the journal first, then the files. A search that is killed between the two leaves files that no
 * trial owns; the next one removes them.
 */
import { checkpointsToDrop } from './checkpoint-budget.js';
import type { Study } from '../study/study.js';
import { checkpointBytes, mayKeepFiles, removeCheckpoint, removeOrphans } from './trial-folder.js';

interface Keeping {
  /** Of the search; trials have theirs below it. */
  readonly folder: string;
  /** Bytes of checkpoints of paused trials. */
  readonly budget: number;
}

/**
 * Puts the folders of trials in order after they ran: what a trial that has ended left goes, and what the
 * budget has no room for. A paused trial whose folder is empty (its objective keeps nothing, or somebody
 * deleted it) has no checkpoint any more.
 * @throws InputError
 */
export function tidyCheckpoints(study: Study, { folder, budget }: Keeping, trials: readonly number[]): void {
  const missing = trials.filter((number) => {
    const trial = study.state.trials[number];
    return trial?.state === 'paused' && trial.checkpoint !== null && checkpointBytes(folder, number) === 0;
  });
  for (const number of missing) study.dropCheckpoint(number);
  for (const number of checkpointsToDrop(study.state, budget)) {
    study.dropCheckpoint(number);
    removeCheckpoint(folder, number);
  }
  for (const number of trials)
    if (!mayKeepFiles(study.state.trials[number])) removeCheckpoint(folder, number);
}

/** Before a search goes on: the same for all trials, and what none of them owns goes. @throws InputError */
export function mendCheckpoints(study: Study, keeping: Keeping): void {
  tidyCheckpoints(study, keeping, [...study.state.trials.keys()]);
  removeOrphans(keeping.folder, study.state);
}
