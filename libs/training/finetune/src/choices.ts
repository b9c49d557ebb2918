/** Settings from what a person chose, in a command line or a preset. */
import { parseRates, readGrouping, recipes, type OptimizerName } from '@layerwise/optimizers';
import { withMethod, type MethodOptions } from './methods/methods.js';
import type { Settings } from './settings.js';

/** Settings as a person gives them, in a command line or a preset. */
export interface Choices
  extends
    MethodOptions,
    Pick<
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
  readonly recompute?: boolean | undefined;
  readonly groupByLength?: boolean | undefined;
  /** A name in `methods.ts`; undefined: plain training with the rates as they are. */
  readonly method?: string | undefined;
}

/**
 * Settings for an encoder of `layers` layers. @throws InputError for rates, groups or a method that make no
 * sense.
 */
export function settingsFrom(choices: Choices, layers: number): Settings {
  const { schedule, warmup, batch, accumulate, seed, engine, provider, threads } = choices;
  const grouping = readGrouping(choices.groups, layers);
  const recipe = recipes[choices.optimizer];
  const plain: Settings = {
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
    ...(choices.groupByLength === true && { groupByLength: true }),
    ...(choices.recompute === true && { recompute: true }),
  };
  return choices.method === undefined ? plain : withMethod(plain, choices.method, choices, layers);
}
