/**
 * What decides a run's result, as plain data: everything here goes into the run's fingerprint, so that a
 * checkpoint is never continued under other settings. What only decides how fast a run is (engine, threads)
 * goes in too: other threads or another engine round differently, and the same bits are promised.
 * `choices.ts` makes them of what a person chose.
 */
import type { Grouping, OptimizerRecipe, Rates } from '@layerwise/optimizers';
import type { Method } from './methods/method.js';
import type { Epochs, TrainingOptions } from './options.js';

/** Options that settings have in another shape than a person gives them; all others are here as they are. */
export type ShapedOption =
  keyof Epochs | 'groups' | 'optimizer' | 'weightDecay' | 'maxLength' | 'clipNorm' | 'dropout';

export type UnshapedOptions = Readonly<Omit<TrainingOptions, ShapedOption>>;

/** `recompute` gives the same bits either way, so that it is in no fingerprint. */
export interface Settings extends UnshapedOptions {
  /** One rate a layer group; null where the group holds no tensor. */
  readonly rates: Rates;
  readonly grouping: Grouping;
  readonly optimizer: OptimizerRecipe;
  /** Passes over the training split of the original and of the shifted task; 0 leaves the phase out. */
  readonly epochs: { readonly original: number; readonly shifted: number };
  /** Tokens of a text at most, special ones included. */
  readonly maximumLength: number;
  /** Largest global norm of a step's gradient; null does not clip. */
  readonly clipNorm: number | null;
  /** Dropout in place of the encoder's own; null as its config says. */
  readonly dropout: number | null;
  readonly seed: number;
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
