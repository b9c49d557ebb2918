/**
 * Gradual unfreezing (ULMFiT; Howard and Ruder 2018, section 3.3): a phase begins with the head alone, and
 * epoch by epoch the next groups below join in. A group that has not joined is not touched, and its
 * optimiser's steps count from where it joined, as in PyTorch where a parameter's state begins with its first
 * gradient.
 */
import type { Rates } from '@layerwise/optimizers';

export interface Unfreezing {
  /** Groups that begin in the first epoch, and as many join in each one after it. */
  readonly groupsAnEpoch: number;
}

/**
 * The step of a phase, counted from 0, at which each group joins: groups with tensors from the last one (the
 * head) to the first. Null for a group without tensors and for one whose epoch the phase does not reach.
 * @param steps of the whole phase, `epochs` of equal length
 */
export function joiningSteps(
  rates: Rates,
  { groupsAnEpoch }: Unfreezing,
  steps: number,
  epochs: number,
): (number | null)[] {
  const fromHead = rates.flatMap((rate, group) => (rate === null ? [] : [group])).reverse();
  return rates.map((_, group) => {
    const place = fromHead.indexOf(group);
    const epoch = Math.floor(place / groupsAnEpoch);
    return place < 0 || epoch >= epochs ? null : Math.ceil((epoch * steps) / epochs);
  });
}

/** Groups that joined at the same step, with null for all others: one optimiser call each. */
export interface Cohort {
  readonly joined: number;
  readonly rates: Rates;
}

/** `rates` by the step at which their groups joined; `joined` null: all at step 0. */
export function cohorts(rates: Rates, joined: readonly (number | null)[] | null): Cohort[] {
  if (joined === null) return [{ joined: 0, rates }];
  const steps = [...new Set(joined.filter((step, group) => step !== null && rates[group] !== null))];
  return steps.flatMap((step) =>
    step === null
      ? []
      : [{ joined: step, rates: rates.map((rate, group) => (joined[group] === step ? rate : null)) }],
  );
}
