/**
 * A run's state on disk: one safetensors file, written whole or not at all, from which a killed run goes on
 * to the same bits. Batches and dropout derive from (seed, phase, step), so parameters, optimiser state and
 * the place are all.
 */
import { existsSync } from 'node:fs';
import { viewOf, type Region } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { openSafetensors, writeSafetensors, type NamedTensor, type Safetensors } from '@layerwise/model';
import { namedState } from '@layerwise/optimizers';
import { parseJson } from '@layerwise/artifacts';
import { z } from 'zod';
import { emptyHistory, HISTORY_COLUMNS, type History } from './history.js';
import { PHASES } from '../settings.js';
import type { TrainingState } from '../step/trainer.js';

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

/** What the place of any kind of run has. */
interface StoredPlace {
  readonly fingerprint: string;
  readonly step: number;
}

const METADATA_KEY = 'layerwise.checkpoint';

/**
 * Writes parameters, optimiser state (all zero and left out before a phase's first step), history and place.
 */
export async function writeCheckpoint(
  file: string,
  state: TrainingState,
  place: StoredPlace,
  history: History,
): Promise<void> {
  const column = (name: string): NamedTensor => {
    const data = Float64Array.from(history[name as keyof History]);
    return { name: `history.${name}`, shape: [data.length], data };
  };
  const views = [...stateViews(state, place)].map(([name, data]) => ({ name, shape: [data.length], data }));
  await writeSafetensors(file, [...views, ...HISTORY_COLUMNS.map(column)], {
    metadata: { [METADATA_KEY]: JSON.stringify(place) },
  });
}

/**
 * Puts a checkpoint back into `state` and gives its place and history, or null where there is no file.
 * Nothing is changed before all of it was found good.
 * @throws InputError when the file is damaged or belongs to a run with another fingerprint.
 */
export function readCheckpoint(
  file: string,
  state: TrainingState,
  fingerprint: string,
): { place: Place; history: History } | null {
  return readCheckpointAs(placeSchema, file, state, fingerprint);
}

/** The same for a kind of run whose place has another schema. */
export function readCheckpointAs<P extends StoredPlace>(
  schema: z.ZodType<P>,
  file: string,
  state: TrainingState,
  fingerprint: string,
): { place: P; history: History } | null {
  if (!existsSync(file)) return null;
  const { stored, place } = openCheckpoint(file, schema);
  if (place.fingerprint !== fingerprint) {
    throw new InputError(
      `${file} belongs to a run with other settings or data; choose another --out, or add --fresh to start over.`,
    );
  }
  const views = stateViews(state, place);
  for (const [name, { length }] of views) refuseOther(stored, name, 'F32', length);
  const rows = stored.tensors.get('history.step')?.length ?? 0;
  for (const name of HISTORY_COLUMNS) refuseOther(stored, `history.${name}`, 'F64', rows);

  const history = emptyHistory();
  for (const name of HISTORY_COLUMNS) {
    const { buffer } = stored.readBytes(`history.${name}`);
    for (const value of new Float64Array(buffer)) history[name].push(value);
  }
  for (const [name, view] of views) stored.readInto(name, view);
  return { place, history };
}

/**
 * What a checkpoint holds of flat memory, by tensor: `parameters.NAME`, and where a step was taken
 * `exp_avg.NAME` and its like, and `earlier.NAME` of a run that keeps an earlier iterate.
 */
export function stateViews(
  { plan, parameters, optimizer, earlier }: TrainingState,
  { step }: { readonly step: number },
): Map<string, Float32Array> {
  const { layout } = plan;
  const named = (prefix: string, { floats }: Region) =>
    layout.places.map(({ name }) => [`${prefix}.${name}`, viewOf(floats, layout, name)] as const);
  const moving = step === 0 ? [] : [...namedState(optimizer, layout)];
  const behind = step === 0 || !earlier ? [] : named('earlier', earlier);
  return new Map([...named('parameters', parameters), ...moving, ...behind]);
}

/** Whether `file` is a checkpoint of the run with this fingerprint: one that is damaged or missing is not. */
export function isCheckpointOf(file: string, fingerprint: string): boolean {
  return placeOf(file, fingerprint) !== null;
}

/**
 * Where `file` stands if it is a checkpoint of the run with this fingerprint, or null: it is damaged, missing
 * or another's.
 */
export function placeOf(file: string, fingerprint: string): Place | null {
  try {
    if (!existsSync(file)) return null;
    const { place } = openCheckpoint(file, placeSchema);
    return place.fingerprint === fingerprint ? place : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function openCheckpoint<P>(file: string, schema: z.ZodType<P>): { stored: Safetensors; place: P } {
  const stored = openSafetensors(file);
  const place = schema.safeParse(parseJson(stored.metadata[METADATA_KEY]));
  if (place.success) return { stored, place: place.data };
  throw new InputError(`${file} is not a checkpoint of a run; delete it, or add --fresh to start over.`);
}

/** @throws InputError unless `name` is there with this type and length. */
export function refuseOther(
  { file, tensors }: Safetensors,
  name: string,
  dtype: string,
  length: number,
): void {
  const found = tensors.get(name);
  if (found?.dtype === dtype && found.length === length) return;
  const finding = found ? `${found.length} of type ${found.dtype}` : 'none';
  throw new InputError(
    `${file} should hold ${length} numbers of type ${dtype} as ${name} and holds ${finding}; ` +
      'delete it, or add --fresh to start over.',
  );
}

/** A checkpoint of weights that are no numbers any more would be of no use: the one before it stays. */
export function allFinite(floats: Float32Array): boolean {
  // The sum is finite exactly when all are, up to overflow, which would be a divergence too.
  let sum = 0;
  for (const value of floats) sum += value;
  return Number.isFinite(sum);
}
