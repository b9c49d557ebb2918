/** Settings from what a person chose, in a command line or a preset. */
import { parseRates, readGrouping, recipes } from '@layerwise/optimizers';
import type { StoredFisher } from './methods/method.js';
import { withMethod } from './methods/methods.js';
import {
  epochsOfTasks,
  trainingOptions,
  type Epochs,
  type MethodOptions,
  type TrainingOptions,
} from './options.js';
import type { Settings, ShapedOption, UnshapedOptions } from './settings.js';

/** Options as a person gives them, in a command line or a preset. */
export type Choices = Omit<TrainingOptions, keyof Epochs> &
  Epochs &
  MethodOptions & {
    /** One rate for all, or one a group separated by commas. */
    readonly rates: string;
    readonly seed: number;
    /** A name in `methods.ts`; undefined: plain training with the rates as they are. */
    readonly method?: string | undefined;
    /** Of `ewc`: the Fisher information of the pretrained weights, which `fisherOfPretrained` takes. */
    readonly fisher?: StoredFisher | undefined;
  };

/**
 * Settings for an encoder of `layers` layers. @throws InputError for rates, groups or a method that make no
 * sense.
 */
export function settingsFrom(choices: Choices, layers: number): Settings {
  const grouping = readGrouping(choices.groups, layers);
  const { epochsOriginal, epochsShifted } = epochsOfTasks(choices);
  const recipe = recipes[choices.optimizer];
  const shaped: Readonly<Record<ShapedOption, Partial<Settings>>> = {
    groups: { rates: parseRates(choices.rates, grouping), grouping },
    optimizer: {
      optimizer:
        recipe.name === 'adamw'
          ? { ...recipe, weightDecay: choices.weightDecay ?? recipe.weightDecay }
          : recipe,
    },
    weightDecay: {},
    epochs: { epochs: { original: epochsOriginal, shifted: epochsShifted } },
    epochsOriginal: {},
    epochsShifted: {},
    maxLength: { maximumLength: choices.maxLength },
    // As in transformers, 0 clips nothing; a limit of 0 would leave no gradient.
    clipNorm: { clipNorm: choices.clipNorm === 0 ? null : (choices.clipNorm ?? null) },
    dropout: { dropout: choices.dropout ?? null },
  };
  // In the order of their declaration, which records on disk keep.
  const entries = Object.keys(trainingOptions).flatMap((name): [string, unknown][] => {
    if (name in shaped) return Object.entries(shaped[name as ShapedOption]);
    const value = choices[name as keyof UnshapedOptions];
    // One that is off is absent, as if nobody had named it.
    return value === undefined || value === false ? [] : [[name, value]];
  });
  const plain = { ...Object.fromEntries(entries), seed: choices.seed } as unknown as Settings;
  return choices.method === undefined ? plain : withMethod(plain, choices.method, choices, layers);
}
