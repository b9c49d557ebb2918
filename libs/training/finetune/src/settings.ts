/**
 * What decides a run's result, as plain data: everything here goes into the run's fingerprint, so that a
 * checkpoint is never continued under other settings. What only decides how fast a run is (engine, threads)
 * goes in too: other threads or another engine round differently, and the same bits are promised.
 * `choices.ts` makes them of what a person chose.
 */
import type { EngineName, Provider } from '@layerwise/engine';
import type { Grouping, OptimizerRecipe, Rates, ScheduleName } from '@layerwise/optimizers';
import type { Method } from './methods/method.js';

export interface Settings {
  /** One rate a layer group; null where the group holds no tensor. */
  readonly rates: Rates;
  readonly grouping: Grouping;
  readonly optimizer: OptimizerRecipe;
  readonly schedule: ScheduleName;
  /** Share of a phase's steps over which rates rise from 0. */
  readonly warmup: number;
  /** Passes over the training split of the original and of the shifted task; 0 leaves the phase out. */
  readonly epochs: { readonly original: number; readonly shifted: number };
  /** Texts of one forward pass. */
  readonly batch: number;
  /** Forward passes whose gradients make one step. */
  readonly accumulate: number;
  /** Whether batches are of texts of like length (`groupedByLength`); absent: they are random. */
  readonly groupByLength?: boolean;
  /** Tokens of a text at most, special ones included. */
  readonly maximumLength: number;
  /** Largest global norm of a step's gradient; null does not clip. */
  readonly clipNorm: number | null;
  /** Dropout in place of the encoder's own; null as its config says. */
  readonly dropout: number | null;
  readonly seed: number;
  readonly engine: EngineName;
  readonly provider: Provider;
  readonly threads: number;
  /**
   * Whether layers are computed again in the backward pass, for less memory. The same bits, so that it is in
   * no fingerprint.
   */
  readonly recompute?: boolean;
  /** What is done beside plain training; absent where nothing is. */
  readonly method?: Method;
}

/** Epochs of a phase, counted from 0: in a longer sequence all but the first are as the second. */
export function epochsOf({ epochs }: Settings, phase: number): number {
  return phase === 0 ? epochs.original : epochs.shifted;
}

/** The two phases of the protocol, in order. */
export const PHASES = ['original', 'shifted'] as const;
export type Phase = (typeof PHASES)[number];
