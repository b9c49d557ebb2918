/**
 * What samplers and schedulers see of a state: the search's own trials, never repeats. A trial that failed or
 * diverged is seen by the sampler as a bad reward at the fidelity that it was on the way to, and by the
 * scheduler as the worst of its rung.
 */
import type { Cost } from '../running/objective.js';
import { fullFidelity } from '../schedulers/hyperband.js';
import { toUnit } from '../space/unit.js';
import type { History, Observation, Pending } from '../samplers/sampler.js';
import type { StudyState } from './state.js';
import type { Trial } from './trial.js';

/** Trials of the search itself, in the order of their numbers: repeats are no part of it. */
export function searchedTrials(trials: readonly Trial[]): Trial[] {
  return trials.filter(({ repeatOf }) => repeatOf === null).sort((a, b) => a.number - b.number);
}

/** Those of a state. */
export const searchTrials = ({ trials }: StudyState): Trial[] => searchedTrials(trials);

/** The history that the next proposal is made from: ends of runs as they came in, and what is under way. */
export function historyOf(state: StudyState): History {
  const { space } = state.settings;
  const penalty = penaltyOf(state);
  const units = new Map<number, number[]>();
  const unit = (trial: Trial): number[] => {
    const known = units.get(trial.number) ?? toUnit(space, trial.values);
    units.set(trial.number, known);
    return known;
  };
  const observations = state.order.flatMap(({ trial: number, fidelity }): Observation[] => {
    const trial = state.trials[number];
    if (trial?.repeatOf !== null) return [];
    const reward = rewardAt(trial, fidelity) ?? penalty;
    return [{ trial: number, unit: unit(trial), fidelity, reward }];
  });
  const pending = searchTrials(state)
    .filter(isUnderWay)
    .map((trial): Pending => ({ trial: trial.number, unit: unit(trial), fidelity: trial.target }));
  return { observations, pending };
}

/** Reward that stands for a trial that gave none: the setting, or the worst that the search has had. */
export function penaltyOf(state: StudyState): number {
  if (state.settings.penalty !== null) return state.settings.penalty;
  const measured = searchTrials(state).flatMap(({ measurements }) => measurements);
  return measured.length === 0 ? 0 : Math.min(...measured.map(({ reward }) => reward));
}

/** A trial's reward at a fidelity; undefined where it was not measured. */
export function rewardAt(trial: Trial, fidelity: number): number | undefined {
  return trial.measurements.find((one) => one.fidelity === fidelity)?.reward;
}

/** Steps of the run that a trial is on, by the study's count. */
export function costOf({ settings }: StudyState, { checkpoint, target }: Trial, cost: Cost): number {
  return cost(checkpoint?.fidelity ?? 0, target, fullFidelity(settings.plan));
}

/** For schedulers: a trial's reward at a rung; −∞ where it failed on the way there. */
export function scoreAt(trial: Trial, fidelity: number): number {
  return rewardAt(trial, fidelity) ?? -Infinity;
}

/** Running, or to be run: its place is known, its reward not. */
export function isUnderWay({ state }: Trial): boolean {
  return state === 'running' || state === 'waiting' || state === 'stale';
}
