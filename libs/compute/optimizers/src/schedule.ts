/**
 * Learning-rate schedules: the factor that every group's rate is multiplied by at a step. `cosine` is the
 * paper's, as its authors' code computes it (warm-up and decay multiplied; without warm-up it is
 * transformers' `get_cosine_schedule_with_warmup`); `linear` and `constant` are those of Hugging Face
 * transformers (`get_linear_schedule_with_warmup`, `get_constant_schedule_with_warmup`); `slanted-triangular`
 * is ULMFiT's. A warm-up begins with the factor 0; without one the first factor is 1. Each phase of training
 * starts its schedule anew.
 */
import type { ScheduleName } from './names.js';

/** The factor at `step` = 0, 1, … of `totalSteps`; over the first `warmup`, which may be none, it rises. */
export type Schedule = (step: number, totalSteps: number, warmup: number) => number;

/** How much smaller ULMFiT's least rate is than its largest. */
const SLANTED_RATIO = 32;

/**
 * Slanted triangular rates (ULMFiT; Howard and Ruder 2018, equation 3): from 1/32 up to 1 in `cut` steps,
 * then down to 1/32 at the end, (1 + p·(32 − 1)) / 32. Where p falls, the paper divides by cut·(1/cut_frac −
 * 1), which is T − cut for a T whose share is a whole number of steps; for others T − cut reaches the end at
 * the end, where the paper's quotient would be there before it.
 */
function slantedTriangular(step: number, totalSteps: number, cut: number): number {
  const p = step < cut ? step / cut : Math.max(0, 1 - (step - cut) / Math.max(1, totalSteps - cut));
  return (1 + p * (SLANTED_RATIO - 1)) / SLANTED_RATIO;
}

function risen(step: number, warmup: number): number {
  return step < warmup ? step / warmup : 1;
}

export const schedules: Readonly<Record<ScheduleName, Schedule>> = {
  cosine: (step, totalSteps, warmup) =>
    0.5 * (1 + Math.cos((Math.PI * step) / totalSteps)) * risen(step, warmup),
  linear: (step, totalSteps, warmup) =>
    step < warmup ? step / warmup : Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmup)),
  constant: (step, _totalSteps, warmup) => risen(step, warmup),
  'slanted-triangular': slantedTriangular,
};

/** A share of the steps (the paper's: a tenth), at least one; none where the share is 0. */
export function warmupSteps(totalSteps: number, share = 0.1): number {
  return share === 0 ? 0 : Math.max(1, Math.floor(share * totalSteps));
}

/** The factor of the named schedule at `step`, counted from 0. */
export function scheduleFactor(
  name: ScheduleName,
  step: number,
  totalSteps: number,
  warmup: number = warmupSteps(totalSteps),
): number {
  return schedules[name](step, totalSteps, warmup);
}

/** Whether the factor is above 0 at any of the first `until` steps: where it never is, nothing is trained. */
export function moves(name: ScheduleName, until: number, totalSteps: number, warmup: number): boolean {
  for (let step = 0; step < until; step++) if (schedules[name](step, totalSteps, warmup) > 0) return true;
  return false;
}
