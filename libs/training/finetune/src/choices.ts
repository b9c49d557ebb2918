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
import { SHAPED_OPTIONS, type Settings, type UnshapedOptions } from './settings.js';

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
  const plain: Settings = {
    rates: parseRates(choices.rates, grouping),
    grouping,
    optimizer:
      recipe.name === 'adamw'
        ? { ...recipe, weightDecay: choices.weightDecay ?? recipe.weightDecay }
        : recipe,
    epochs: { original: epochsOriginal, shifted: epochsShifted },
    maximumLength: choices.maxLength,
    clipNorm: choices.clipNorm ?? null,
    dropout: choices.dropout ?? null,
    seed: choices.seed,
    ...unshaped(choices),
  };
  return choices.method === undefined ? plain : withMethod(plain, choices.method, choices, layers);
}

/** The options that settings have as they are; one that is off is absent, as if nobody had named it. */
function unshaped(choices: Choices): UnshapedOptions {
  const names = Object.keys(trainingOptions).filter(
    (name) => !SHAPED_OPTIONS.some((shaped) => shaped === name),
  );
  const entries = names.map((name) => [name, choices[name as keyof UnshapedOptions]] as const);
  const given = entries.filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(given) as unknown as UnshapedOptions;
}
