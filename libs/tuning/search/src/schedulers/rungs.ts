/**
 * What schedulers read off the trials: who stands at a rung and how well, whose turn it is. A trial that
 * failed or diverged on the way to a rung counts there as the worst, and never goes on.
 */
import { isUnderWay } from '../study/observe.js';
import type { RungPlan } from './hyperband.js';
import type { Decision } from './scheduler.js';
import type { Trial } from '../study/trial.js';

/** A trial's worth at a fidelity where it was measured. */
export type Score = (trial: Trial, fidelity: number) => number;

export function isMeasuredAt(trial: Trial, fidelity: number): boolean {
  return trial.measurements.some((measurement) => measurement.fidelity === fidelity);
}

/** Whether all is known of a trial at a rung that it was sent to: measured there, or failed on the way. */
export function hasReported(trial: Trial, fidelity: number): boolean {
  const isLost = trial.state === 'failed' || trial.state === 'diverged';
  return isMeasuredAt(trial, fidelity) || (isLost && trial.target === fidelity);
}

/** Whether a trial rests at this rung, measured, and could go on. */
export function isPausedAt(trial: Trial, fidelity: number): boolean {
  return trial.state === 'paused' && trial.target === fidelity && isMeasuredAt(trial, fidelity);
}

/** Those that were measured at the fidelity, the best first, ties by number; a score NaN is the worst. */
export function rankedAt(trials: readonly Trial[], fidelity: number, score: Score): Trial[] {
  const worth = (trial: Trial): number => {
    const value = score(trial, fidelity);
    return Number.isNaN(value) ? -Infinity : value;
  };
  return trials
    .filter((trial) => isMeasuredAt(trial, fidelity))
    .map((trial) => ({ trial, value: worth(trial) }))
    .sort((a, b) => (a.value === b.value ? a.trial.number - b.trial.number : b.value - a.value))
    .map(({ trial }) => trial);
}

/** A new trial in the bracket; with as many as may be, `wait` till all runs end, and then `new` again. */
export function newTrial(
  { fidelities, brackets }: RungPlan,
  bracket: number,
  trials: readonly Trial[],
  most: number,
): Decision {
  if (trials.length >= most && trials.some(isUnderWay)) return { kind: 'wait' };
  return { kind: 'new', bracket, target: fidelities[brackets[bracket]!.firstRung]! };
}
