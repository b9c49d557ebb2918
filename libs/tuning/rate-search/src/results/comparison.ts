/**
 * Whether rates of their own for the groups beat one rate for all: the best trial of a search against the
 * best of its control, by their runs with fresh seeds and on rows that chose neither. The two samples are
 * independent, with variances of their own, so that the interval of the difference of means is Welch's, with
 * his degrees of freedom rounded down.
 */
import { bestTrial, fullFidelity, type StudyState, type Trial } from '@layerwise/search';
import { meanOf, studentQuantile, varianceOf } from '@layerwise/statistics';

interface Sample {
  readonly trial: number;
  readonly rewards: readonly number[];
  readonly mean: number;
  /** Repeats that failed or diverged, and so have no reward. */
  readonly missing: number;
}

export interface Comparison {
  /** `dev`: rows that chose nothing; `chosen`: those that chose too, as in the paper. */
  readonly rows: 'dev' | 'chosen';
  readonly search: Sample;
  readonly control: Sample;
  /** Of the means, search less control. */
  readonly difference: number;
  /** Ends of its 90 % interval; null with fewer than two runs of either. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Null where either has no trial whose fresh runs, or else whose own run, ended with figures. */
export function compareWithControl(
  search: StudyState,
  control: StudyState,
  rows: Comparison['rows'],
): Comparison | null {
  const [one, other] = [sampleOf(search, rows), sampleOf(control, rows)];
  if (one === null || other === null) return null;
  const difference = one.mean - other.mean;
  const half = welchHalfWidth(one.rewards, other.rewards);
  return {
    rows,
    search: one,
    control: other,
    difference,
    low: half === null ? null : difference - half,
    high: half === null ? null : difference + half,
  };
}

function sampleOf(state: StudyState, rows: Comparison['rows']): Sample | null {
  const best = bestTrial(state);
  if (best === null) return null;
  const full = fullFidelity(state.settings.plan);
  const fresh = state.trials.filter(({ repeatOf }) => repeatOf === best.trial);
  const runs = fresh.length > 0 ? fresh : state.trials.filter(({ number }) => number === best.trial);
  const rewards = runs.flatMap((trial) => rewardOf(trial, full, rows) ?? []);
  if (rewards.length === 0) return null;
  return { trial: best.trial, rewards, mean: meanOf(rewards), missing: runs.length - rewards.length };
}

function rewardOf({ measurements }: Trial, full: number, rows: Comparison['rows']): number | undefined {
  const measures = measurements.find(({ fidelity }) => fidelity === full)?.measures;
  const original = measures?.[rows === 'dev' ? 'devOriginal' : 'original'];
  const shifted = measures?.[rows === 'dev' ? 'devShifted' : 'shifted'];
  return original === undefined || shifted === undefined ? undefined : original + shifted;
}

/** Welch (1947): half the 90 % interval of a difference of means; null where a sample has no variance yet. */
function welchHalfWidth(one: readonly number[], other: readonly number[]): number | null {
  if (one.length < 2 || other.length < 2) return null;
  // Squared standard errors of the means.
  const [a, b] = [varianceOf(one) / one.length, varianceOf(other) / other.length];
  if (a + b === 0) return 0;
  const freedom = (a + b) ** 2 / (a ** 2 / (one.length - 1) + b ** 2 / (other.length - 1));
  return studentQuantile(0.95, Math.max(1, Math.floor(freedom + 1e-9))) * Math.sqrt(a + b);
}

/** For people. */
export function comparisonText({ rows, search, control, difference, low, high }: Comparison): string {
  const where =
    rows === 'dev' ? 'on the dev splits, which chose nothing' : 'on the dev splits, which chose too';
  const mean = ({ mean, rewards, missing }: Sample): string => {
    const gone = missing === 0 ? '' : `, ${missing} without a result`;
    return `${mean.toFixed(4)} (${rewards.length} ${rewards.length === 1 ? 'run' : 'runs'}${gone})`;
  };
  const interval =
    low === null || high === null
      ? ', of too few runs for an interval'
      : `, 90 % interval ${signed(low)} to ${signed(high)}`;
  return [
    `Against one rate for all groups, ${where}:`,
    `  search ${mean(search)}, control ${mean(control)}`,
    `  difference ${signed(difference)}${interval}`,
  ].join('\n');
}

function signed(number: number): string {
  return `${number < 0 ? '' : '+'}${number.toFixed(4)}`;
}
