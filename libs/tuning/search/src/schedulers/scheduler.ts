/**
 * What a scheduler is: a pure function of the plan and the trials that decides what a free worker does next.
 * Notation of Li et al. (2018): R the full fidelity, η the factor between rungs, a bracket starts n trials at
 * rung r.
 */
import type { RungPlan } from './hyperband.js';
import type { Trial } from '../study/trial.js';

/** What a free worker does. */
export type Decision =
  | { readonly kind: 'promote'; readonly trial: number; readonly target: number }
  | { readonly kind: 'new'; readonly bracket: number; readonly target: number }
  /** Nothing until a running trial reports. */
  | { readonly kind: 'wait' };

/**
 * @param score what a trial's measurement at a fidelity is worth in comparisons: its reward, or a model's
 *   opinion of it
 * @param most trials of the search in all, so that a last bracket that cannot be filled is halved all the
 *   same; without it there is no end to them. Once there are as many, `new` says that nothing is left to do
 */
export type Scheduler = (
  plan: RungPlan,
  trials: readonly Trial[],
  score: (trial: Trial, fidelity: number) => number,
  most?: number,
) => Decision;
