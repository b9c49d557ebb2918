/**
 * The best trial of a search as it was measured: what a search found stands beside what its control, the
 * search for one flat rate, found. As in the search itself (`best.ts` of @layerwise/search) the trials that
 * were repeated with fresh seeds go first, compared by the mean of their runs, of which one that failed or
 * diverged counts as the worst reward of all trials, and the interval is Student's over fresh seeds alone.
 */
import { fromUnit, type Value } from '@layerwise/search';
import { meanInterval, meanOf } from '@layerwise/statistics';
import type { Interval } from './interval.js';
import type { ObservedTrials, Run } from './observed.js';

export interface MeasuredBest {
  readonly trial: number;
  readonly values: readonly Value[];
  /** Mean over its own run and its repeats. */
  readonly reward: number;
  /** Full runs that this is the mean of. */
  readonly runs: number;
  /** Over fresh seeds; null of fewer than two. */
  readonly fresh: Interval | null;
  /** Of how many trials with a full run it is the best. */
  readonly of: number;
}

/** null where no run was full, or none of those that `counts` lets through. */
export function measuredBest(
  { space, runs, lostRepeats = [] }: ObservedTrials,
  counts: (unit: readonly number[]) => boolean = () => true,
): MeasuredBest | null {
  const full = runs.filter(({ fidelity, unit }) => fidelity === 1 && counts(unit));
  const own = full.filter(({ repeatOf }) => repeatOf === null);
  const searched = runs.filter(({ repeatOf }) => repeatOf === null);
  const worst = searched.reduce((least, { reward }) => Math.min(least, reward), Infinity);
  const all = own.map((run) => ({
    run,
    repeats: [
      ...full.filter(({ repeatOf }) => repeatOf === run.trial),
      ...lostRepeats.filter((trial) => trial === run.trial).map((): Run => ({ ...run, reward: worst })),
    ],
  }));
  const repeated = all.filter(({ repeats }) => repeats.length > 0);
  const [best] = (repeated.length > 0 ? repeated : all)
    .map(({ run, repeats }) => ({ run, repeats, reward: meanOf(rewardsOf([run, ...repeats])) }))
    .sort((a, b) => b.reward - a.reward || a.run.trial - b.run.trial);
  if (best === undefined) return null;
  return {
    trial: best.run.trial,
    values: fromUnit(space, best.run.unit),
    reward: best.reward,
    runs: 1 + best.repeats.length,
    fresh: freshInterval(best.repeats),
    of: own.length,
  };
}

function freshInterval(repeats: readonly Run[]): Interval | null {
  const { mean, low, high } = meanInterval(rewardsOf(repeats), 0.9);
  return low === null || high === null ? null : { mean, low, high };
}

function rewardsOf(runs: readonly Run[]): number[] {
  return runs.map(({ reward }) => reward);
}
