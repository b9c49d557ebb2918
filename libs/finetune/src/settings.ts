/**
 * What decides a run's result, as plain data: everything here goes into the run's fingerprint, so that a checkpoint is
 * never continued under other settings. What only decides how fast a run is (engine, threads) goes in too: other
 * threads or another engine round differently, and the same bits are promised.
 */
import type { EngineName, Provider } from '@layerwise/engine';
import {
  parseRates,
  readGrouping,
  recipes,
  type Grouping,
  type OptimizerName,
  type OptimizerRecipe,
  type Rates,
  type ScheduleName,
} from '@layerwise/optimizers';

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
}

/** The two phases of the protocol, in order. */
export const PHASES = ['original', 'shifted'] as const;
export type Phase = (typeof PHASES)[number];

/** Settings as a person gives them, in a command line or a preset. */
export interface Choices extends Pick<
  Settings,
  'schedule' | 'warmup' | 'batch' | 'accumulate' | 'seed' | 'engine' | 'provider' | 'threads'
> {
  /** One rate for all, or one a group separated by commas. */
  readonly rates: string;
  /** `paper`, `paper-ceil`, `layers` or a file. */
  readonly groups: string;
  readonly optimizer: OptimizerName;
  /** AdamW's; undefined: PyTorch's default. */
  readonly weightDecay?: number | undefined;
  readonly epochsOriginal: number;
  readonly epochsShifted: number;
  readonly maxLength: number;
  readonly clipNorm?: number | undefined;
  readonly dropout?: number | undefined;
}

/** Settings for an encoder of `layers` layers. @throws InputError for rates or groups that make no sense. */
export function settingsFrom(choices: Choices, layers: number): Settings {
  const { schedule, warmup, batch, accumulate, seed, engine, provider, threads } = choices;
  const grouping = readGrouping(choices.groups, layers);
  const recipe = recipes[choices.optimizer];
  return {
    rates: parseRates(choices.rates, grouping),
    grouping,
    optimizer:
      recipe.name === 'adamw'
        ? { ...recipe, weightDecay: choices.weightDecay ?? recipe.weightDecay }
        : recipe,
    schedule,
    warmup,
    epochs: { original: choices.epochsOriginal, shifted: choices.epochsShifted },
    batch,
    accumulate,
    maximumLength: choices.maxLength,
    clipNorm: choices.clipNorm ?? null,
    dropout: choices.dropout ?? null,
    seed,
    engine,
    provider,
    threads,
  };
}
