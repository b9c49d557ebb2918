/**
 * A run's state on disk: one safetensors file, written whole or not at all, from which a killed run goes on to the same
 * bits. Batches and dropout derive from (seed, phase, step), so parameters, optimiser state and the place are all.
 */
import { existsSync } from 'node:fs';
import { InputError } from '@layerwise/errors';
import { openSafetensors, writeSafetensors, type NamedTensor } from '@layerwise/model';
import { z } from 'zod';
import { emptyHistory, HISTORY_COLUMNS, type History } from './history.js';
import { PHASES } from './settings.js';
import type { TrainingState } from './trainer.js';

export const CHECKPOINT_FILE = 'checkpoint.safetensors';

const placeSchema = z.object({
  /** Of settings, data and encoder: a checkpoint of another run is refused. */
  fingerprint: z.string(),
  phase: z.enum(PHASES),
  /** Steps of the phase that are done. */
  step: z.int().nonnegative(),
  accuracyOriginalBefore: z.number().nullable(),
  seconds: z.object({ original: z.number(), shifted: z.number(), evaluation: z.number() }),
});

/** Where a run stands. */
export type Place = z.infer<typeof placeSchema>;

const METADATA_KEY = 'layerwise.checkpoint';

/** Writes parameters, optimiser state (all zero and left out before a phase's first step), history and place. */
export async function writeCheckpoint(file: string, state: TrainingState, place: Place, history: History): Promise<void> {
  const flat = (name: string, data: NamedTensor['data']): NamedTensor => ({ name, shape: [data.length], data });
  const moments = place.step === 0 ? [] : Object.entries(state.optimizer.state);
  await writeSafetensors(
    file,
    [
      flat('parameters', state.parameters.floats),
      ...moments.map(([name, region]) => flat(`optimizer.${name}`, region.floats)),
      ...HISTORY_COLUMNS.map((name) => flat(`history.${name}`, Float64Array.from(history[name]))),
    ],
    { metadata: { [METADATA_KEY]: JSON.stringify(place) } },
  );
}

/**
 * Puts a checkpoint back into `state` and gives its place and history, or null where there is no file.
 * @throws InputError when the file is damaged or belongs to a run with another fingerprint.
 */
export function readCheckpoint(file: string, state: TrainingState, fingerprint: string): { place: Place; history: History } | null {
  if (!existsSync(file)) return null;
  const stored = openSafetensors(file);
  const place = placeSchema.safeParse(parsed(stored.metadata[METADATA_KEY]));
  if (!place.success) throw new InputError(`${file} is not a checkpoint of a run; delete it, or add --fresh to start over.`);
  if (place.data.fingerprint !== fingerprint) {
    throw new InputError(
      `${file} belongs to a run with other settings or data; choose another --out, or add --fresh to start over.`,
    );
  }
  const { length } = state.parameters;
  const regions = [['parameters', state.parameters] as const];
  if (place.data.step > 0) {
    for (const [name, region] of Object.entries(state.optimizer.state)) regions.push([`optimizer.${name}` as 'parameters', region]);
  }
  for (const [name, region] of regions) {
    if (stored.tensors.get(name)?.shape[0] !== length) {
      throw new InputError(`${file} holds no ${name} of ${String(length)} numbers; delete it, or add --fresh to start over.`);
    }
    stored.readInto(name, region.floats);
  }
  const history = emptyHistory();
  for (const name of HISTORY_COLUMNS) history[name].push(...new Float64Array(stored.readBytes(`history.${name}`).buffer as ArrayBuffer));
  return { place: place.data, history };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
