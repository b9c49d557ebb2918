/**
 * A method: what a run does beside training with its rates, as plain data. It is a set of pieces; each works
 * by itself and together with the others, and one that a run does without is absent, so that the fingerprint
 * of plain training knows nothing of it.
 *
 * Each piece has a file of its own that says what it does to a phase or a step (`penalty.ts`); `phase.ts`
 * puts them together. `methods.ts` gives the sets their names.
 */
import type { Unfreezing } from './unfreezing.js';

export interface Method {
  /** As tables show it. */
  readonly name: string;
  /** Terms of the loss that hold weights back. */
  readonly penalties?: readonly Penalty[];
  /** Groups begin to train one after another, from the head down. */
  readonly unfreezing?: Unfreezing;
  /** Rows of earlier tasks are mixed into later phases. */
  readonly replay?: Replay;
  /** Smoothness-inducing regularisation and Bregman proximal point. */
  readonly smart?: Smart;
  /** Every phase starts from the pretrained encoder: each task alone. */
  readonly alone?: true;
}

/**
 * A quadratic term of the loss, ½·λ·Σ F_i (θ_i − a_i)², over the weights that are trained.
 *
 * - `pretrained`: the encoder is held to its pretrained weights a, in both phases. F is a diagonal in a file
 *   (EWC as the paper has it), or 1 (L2-SP's α; Li et al. 2018).
 * - `original`: the encoder is held to the weights a that phase 1 ended with, in phase 2. F is the diagonal
 *   of the Fisher information of D_o's own loss there (EWC; Kirkpatrick et al. 2017).
 * - `zero`: the head in training is kept small: a = 0, F = 1 (L2-SP's β).
 */
export type Penalty =
  | { readonly anchor: 'pretrained'; readonly lambda: number; readonly fisher: StoredFisher | null }
  | { readonly anchor: 'original'; readonly lambda: number; readonly fisher: FisherOptions }
  | { readonly anchor: 'zero'; readonly lambda: number };

/** How much of earlier tasks later phases see again (`mixture.ts`). */
export interface Replay {
  /** Of the training rows of each earlier task, from 0 to 1: the same rows in all later phases. */
  readonly share: number;
}

/** Settings of SMART (`smart-step.ts`). */
export interface Smart {
  /** λ, the weight of the divergence between the texts and the perturbed ones; 0 leaves it out. */
  readonly smoothness: number;
  /** ε, the largest entry of a perturbation, and the deviation of the noise that it starts as. */
  readonly radius: number;
  /** η of the inner steps. */
  readonly stepSize: number;
  /** Inner steps. */
  readonly ascents: number;
  /** μ, the weight of the divergence from the earlier weights; 0 leaves it out. */
  readonly proximity: number;
}

/** A diagonal that lies in a file, as `take-fisher.ts` has it written. */
export interface StoredFisher {
  readonly file: string;
  /** SHA-256 of the file: this goes into a run's fingerprint, the file's place does not. */
  readonly digest: string;
}

/** How a diagonal is estimated from texts. */
export interface FisherOptions {
  /** Texts that it is taken over, at most. */
  readonly texts: number;
  /**
   * Texts whose mean gradient is squared: 1 for the definition; more is what the authors' code does, and
   * scales it down.
   */
  readonly batch: number;
}

/** The name of a run with the rates it was given and nothing else. */
export const PLAIN = 'plain';

/** What of a method decides a run's bits, for its fingerprint: all of it but where files lie. */
export function methodIdentity({ penalties, ...others }: Method): unknown {
  return {
    ...others,
    ...(penalties && {
      penalties: penalties.map((penalty) =>
        penalty.anchor === 'pretrained' && penalty.fisher
          ? { ...penalty, fisher: penalty.fisher.digest }
          : penalty,
      ),
    }),
  };
}
