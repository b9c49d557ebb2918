/**
 * What the combination needs to know of a trial, wherever it was read (`author-log.ts`, `trials-file.ts`):
 * plain data.
 */
import type { Grouping } from '@layerwise/optimizers';

/** A trial at full fidelity. */
export interface RatedTrial {
  /** In its study or log, from 0. */
  readonly number: number;
  /** p = p_o + p_s; the higher the better. */
  readonly reward: number;
  /** [groups] Learning rates above 0, one for each group that holds a tensor. */
  readonly rates: readonly number[];
}

/** The trials of one pair (D_o, D_s). */
export interface PairTrials {
  /** Its name, for people. */
  readonly pair: string;
  /** Where the trials were read, for messages. */
  readonly file: string;
  /** Which tensors share a rate. */
  readonly grouping: Grouping;
  /** At least one. */
  readonly trials: readonly RatedTrial[];
}
