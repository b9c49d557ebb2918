/**
 * Which trial is best, and how sure that is. One run's reward is partly its seed's luck, and the trial with
 * the highest of many is the one with the most of it; so the best few are run again with fresh seeds, and
 * compared by their means. The interval is Student's, over the fresh seeds alone: the run for which a trial
 * was chosen would shift it upwards.
 */
import { meanInterval, meanOf } from '@layerwise/statistics';
import { isUnderWay, penaltyOf, rewardAt, searchTrials } from './observe.js';
import { fullFidelity } from '../schedulers/hyperband.js';
import type { Value } from '../space/space.js';
import type { StudyState } from './state.js';
import type { Trial } from './trial.js';

export interface BestTrial {
  readonly trial: number;
  readonly values: readonly Value[];
  /** Mean over the trial's own run and its repeats; its own reward where there are none. */
  readonly reward: number;
  /** The full one, or before any trial reached it the highest that one did. */
  readonly fidelity: number;
  /** Over fresh seeds alone; null before there are any. */
  readonly repeats: RepeatSummary | null;
}

interface RepeatSummary {
  readonly rewards: readonly number[];
  readonly mean: number;
  /** Ends of the 90 % interval of the mean; null with fewer than two. */
  readonly low: number | null;
  readonly high: number | null;
}

/** The best trial so far; null before any was measured. */
export function bestTrial(state: StudyState): BestTrial | null {
  return rankedTrials(state)[0] ?? null;
}

/** The best first, ties by number: the repeated trials, or before there are any all at the highest rung. */
export function rankedTrials(state: StudyState): BestTrial[] {
  const trials = searchTrials(state);
  const fidelity = trials.flatMap((trial) => trial.measurements).reduce((f, m) => Math.max(f, m.fidelity), 0);
  const repeated = state.trials.some(({ repeatOf }) => repeatOf !== null);
  const candidates = repeated ? bestOfSearch(state).slice(0, state.settings.repeats.best) : trials;
  return candidates
    .flatMap((trial): BestTrial[] => {
      const own = rewardAt(trial, fidelity);
      if (own === undefined) return [];
      const fresh = repeatRewards(state, trial.number);
      const { number, values } = trial;
      const repeats = fresh.length === 0 ? null : { rewards: fresh, ...meanInterval(fresh, 0.9) };
      return [{ trial: number, values, reward: meanOf([own, ...fresh]), fidelity, repeats }];
    })
    .sort((a, b) => b.reward - a.reward || a.trial - b.trial);
}

/** Trials of the search that are complete, by that reward alone: the best first, ties by number. */
export function bestOfSearch(state: StudyState): Trial[] {
  const full = fullFidelity(state.settings.plan);
  const reward = (trial: Trial): number => rewardAt(trial, full)!;
  return searchTrials(state)
    .filter((trial) => trial.state === 'complete')
    .sort((a, b) => reward(b) - reward(a) || a.number - b.number);
}

/** Rewards of a trial's repeats that ended; one that failed or diverged counts as the penalty. */
function repeatRewards(state: StudyState, trial: number): number[] {
  const full = fullFidelity(state.settings.plan);
  return state.trials
    .filter((one) => one.repeatOf === trial && !isUnderWay(one))
    .map((one) => rewardAt(one, full) ?? penaltyOf(state));
}
