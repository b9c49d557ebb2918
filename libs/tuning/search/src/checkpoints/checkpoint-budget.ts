/**
 * Which checkpoints go: those of trials that have ended, and of paused ones as many as take more room than
 * they may. A pure function of the state, so that a search that was killed drops the same ones.
 *
 * The least promising goes first. How promising a trial is, is its place among its peers, those of its
 * bracket that were measured at the rung where it rests: the share of them that did better. That compares
 * trials of different rungs without comparing rewards that belong to different lengths of training. Among
 * equals the one at the lower rung goes, for its steps are cheaper to run again, and then the later one.
 */
import { isUnderWay, rewardAt, searchTrials } from '../study/observe.js';
import type { StudyState } from '../study/state.js';
import type { Trial } from '../study/trial.js';

/**
 * @param budget bytes that checkpoints of paused trials may take together
 * @returns numbers of the trials whose checkpoints are to be dropped, in that order
 */
export function checkpointsToDrop(state: StudyState, budget: number): number[] {
  const dropped = state.trials
    .filter((trial) => trial.checkpoint !== null && trial.state !== 'paused' && !isUnderWay(trial))
    .map(({ number }) => number);
  const kept = searchTrials(state).filter((trial) => trial.state === 'paused' && trial.checkpoint !== null);
  let bytes = kept.reduce((sum, { checkpoint }) => sum + checkpoint!.bytes, 0);
  if (bytes <= budget) return dropped;
  const leastFirst = kept
    .map((trial) => ({ trial, better: shareOfBetter(state, trial) }))
    .sort(
      (a, b) => b.better - a.better || a.trial.target - b.trial.target || b.trial.number - a.trial.number,
    );
  for (const { trial } of leastFirst) {
    if (bytes <= budget) break;
    dropped.push(trial.number);
    bytes -= trial.checkpoint!.bytes;
  }
  return dropped;
}

/** Of its bracket's trials that were measured at its rung, the share with a higher reward; the best: 0. */
function shareOfBetter(state: StudyState, trial: Trial): number {
  const { bracket, target } = trial;
  const own = rewardAt(trial, target)!;
  const rewards = searchTrials(state)
    .filter((one) => one.bracket === bracket)
    .flatMap((one) => rewardAt(one, target) ?? []);
  return rewards.filter((reward) => reward > own).length / rewards.length;
}
