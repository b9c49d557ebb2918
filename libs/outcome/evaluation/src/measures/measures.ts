/**
 * What an evaluation measures of a run, each with its definition and source. R_ij is the accuracy on the dev
 * split of task j after training on task i, as Lopez-Paz and Ranzato (2017) write it; here task 1 is D_o and
 * task 2 is D_s. A measure that is undefined carries the reason.
 */

/** A figure, or why there is none. */
export type Measure = { readonly value: number } | { readonly reason: string };

/** Accuracies of a run, or why they are not there. */
export interface Accuracies {
  /** R_11: on D_o after phase 1. */
  readonly originalBefore: Measure;
  /** R_21, the paper's p_o: on D_o at the end. */
  readonly original: Measure;
  /** R_22, the paper's p_s: on D_s at the end. */
  readonly shifted: Measure;
}

/** The reward of the paper's search, p = p_o + p_s (Kenneweg et al. 2022, section 3). */
export function reward({ original, shifted }: Accuracies): Measure {
  return combined(original, shifted, (po, ps) => po + ps);
}

/**
 * Forgetting of D_o: the best accuracy that it ever had less the one that is left, f = max_{l<2} R_l1 − R_21
 * (Chaudhry et al. 2018, equation 3). With two tasks there is one accuracy before, R_11. Negative where phase
 * 2 helped D_o.
 */
export function forgetting({ originalBefore, original }: Accuracies): Measure {
  return combined(originalBefore, original, (before, after) => before - after);
}

/**
 * Backward transfer, BWT = 1/(T−1) Σ_{i<T} (R_Ti − R_ii) (Lopez-Paz and Ranzato 2017): with two tasks R_21 −
 * R_11, which is forgetting with its sign turned.
 */
export function backwardTransfer({ originalBefore, original }: Accuracies): Measure {
  return combined(originalBefore, original, (before, after) => after - before);
}

/**
 * Intransigence, the inability to learn D_s: I = a* − R_22, where a* is a reference model's accuracy on D_s
 * (Chaudhry et al. 2018, equation 6). The reference here is D_s trained alone at the flat rate with the same
 * seed (method `single`), not joint training.
 */
export function intransigence({ shifted }: Accuracies, shiftedAlone: Measure): Measure {
  return combined(shiftedAlone, shifted, (alone, after) => alone - after);
}

/** A figure of two, or the reason of the first that is not there. */
export function combined(one: Measure, other: Measure, of: (one: number, other: number) => number): Measure {
  if ('reason' in one) return one;
  return 'reason' in other ? other : { value: of(one.value, other.value) };
}

/** A number that may be missing, with the reason for that. */
export function measured(value: number | null, reason: string): Measure {
  return value === null ? { reason } : { value };
}

export function valueOf(measure: Measure): number | null {
  return 'value' in measure ? measure.value : null;
}

export function reasonOf(measure: Measure): string | null {
  return 'reason' in measure ? measure.reason : null;
}

/** The measures of a run, by their columns in `evaluation.arrow`. */
export const MEASURES = [
  'accuracy_original_before',
  'accuracy_original',
  'accuracy_shifted',
  'reward',
  'forgetting',
  'backward_transfer',
  'intransigence',
] as const;
export type MeasureName = (typeof MEASURES)[number];
export type Measures = Readonly<Record<MeasureName, Measure>>;

/** All measures of one run. */
export function measuresOf(accuracies: Accuracies, shiftedAlone: Measure): Measures {
  return {
    accuracy_original_before: accuracies.originalBefore,
    accuracy_original: accuracies.original,
    accuracy_shifted: accuracies.shifted,
    reward: reward(accuracies),
    forgetting: forgetting(accuracies),
    backward_transfer: backwardTransfer(accuracies),
    intransigence: intransigence(accuracies, shiftedAlone),
  };
}
