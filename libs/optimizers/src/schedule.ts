/**
 * Learning-rate schedules: the factor that every group's rate is multiplied by at a step. `cosine` is the paper's, as its
 * authors' code computes it (warm-up and decay multiplied, so the factor of the first step is 0); `linear` and `constant`
 * are those of Hugging Face transformers (`get_linear_schedule_with_warmup`, `get_constant_schedule_with_warmup`). Each
 * phase of training starts its schedule anew.
 */

export type ScheduleName = 'cosine' | 'linear' | 'constant';

/** The factor at `step` = 0, 1, 2, … of `totalSteps`, of which the first `warmup` (at least 1) rise from 0. */
export type Schedule = (step: number, totalSteps: number, warmup: number) => number;

export const schedules: Readonly<Record<ScheduleName, Schedule>> = {
  cosine: (step, totalSteps, warmup) =>
    0.5 * (1 + Math.cos((Math.PI * step) / totalSteps)) * Math.min(1, step / warmup),
  linear: (step, totalSteps, warmup) =>
    step < warmup ? step / warmup : Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmup)),
  constant: (step, _totalSteps, warmup) => Math.min(1, step / warmup),
};

/** A share of the steps (the paper's: a tenth), at least one. */
export function warmupSteps(totalSteps: number, share = 0.1): number {
  return Math.max(1, Math.floor(share * totalSteps));
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
