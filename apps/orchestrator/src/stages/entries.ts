/**
 * The entries of a preset for one stage. Mostly there is one, under the stage's own name; `NAME@VARIANT`
 * makes another, so that a pipeline can embed two tasks or train on three pairs. Each entry has its own
 * folder, `data-cache/PRESET/ENTRY/`.
 */
import { InputError } from '@layerwise/errors';
import type { Preset } from './preset.js';
import { stageNames, stageOf } from './registry.js';

/** Inputs and parameters of one run of a stage. */
export interface Entry {
  /** `NAME` or `NAME@VARIANT`. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * The entries that `name` means: the one of that very name; for a stage's name without a variant all of that
 * stage, none where the preset says nothing of it. InputError for a variant that the preset does not have.
 */
export function entriesOf(preset: Preset, name: string, presetName: string): readonly Entry[] {
  const names = name.includes('@') ? [name] : Object.keys(preset).filter((key) => stageOf(key) === name);
  const entries = names.map((entry) => ({ name: entry, values: preset[entry] }));
  const missing = entries.find(({ values }) => values === undefined);
  if (missing !== undefined) {
    throw new InputError(
      `presets/${presetName}.yaml has no entry "${missing.name}"; its entries are ${Object.keys(preset).join(', ')}.`,
    );
  }
  return entries.map((entry) => ({ name: entry.name, values: entry.values ?? {} }));
}

/**
 * All entries, every one after those that it may read: in the order of the stages, and of the preset within a
 * stage.
 */
export function orderedEntries(preset: Preset): readonly Entry[] {
  return stageNames.flatMap((stage) => entriesOf(preset, stage, ''));
}
