/**
 * Whether every value of a preset is one that its stage takes: asked of all entries before the first is run.
 */
import { InputError } from '@layerwise/errors';
import type { Preset } from './preset.js';
import { withEnvironment } from './preset.js';
import { nearestOf } from './nearest.js';
import { loadStage, stageOf } from './registry.js';

/**
 * @param file the preset's name in messages @throws InputError naming the entry and the key, with the nearest
 * one that there is
 */
export async function checkPreset(preset: Preset, file: string): Promise<void> {
  for (const [entry, values] of Object.entries(preset)) {
    const stage = await loadStage(stageOf(entry) ?? entry);
    const inputs = Object.keys(stage.inputs ?? {});
    const parameters = Object.keys(stage.parameters.shape);
    refuseUnknown(entry, file, values, [...inputs, ...parameters]);
    const expanded = Object.entries(withEnvironment(values, process.env) as Record<string, unknown>);
    const parsed = stage.parameters.safeParse(
      Object.fromEntries(expanded.filter(([key]) => parameters.includes(key))),
    );
    const issue = parsed.error?.issues[0];
    if (issue !== undefined)
      throw new InputError(
        `${file}: ${[entry, ...issue.path.map(String)].join('.')} is wrong: ${issue.message}`,
      );
  }
}

/** @throws InputError for a key of an entry that is neither an input nor a parameter of its stage */
export function refuseUnknown(entry: string, file: string, values: object, known: readonly string[]): void {
  const unknown = Object.keys(values).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const nearest = nearestOf(unknown, known);
  throw new InputError(
    `${file} gives the stage ${entry} a parameter "${unknown}" that it does not have${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}; it has ${known.join(', ')}.`,
  );
}
