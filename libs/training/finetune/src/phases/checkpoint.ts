/**
 * A run's state on disk: one safetensors file, written whole or not at all, from which a killed run goes on
 * to the same bits. Batches and dropout derive from (seed, phase, step), so parameters, optimiser state and
 * the place are all.
 */
import { parseJson } from '@layerwise/artifacts';
import { viewOf, type Region } from '@layerwise/engine';
import { fileExists, InputError, refuseNewer, statedVersion } from '@layerwise/errors';
import { openSafetensors, writeSafetensors, type NamedTensor, type Safetensors } from '@layerwise/model';
import { namedState } from '@layerwise/optimizers';
import type { z } from 'zod';
import { HISTORY_COLUMNS, type History } from './history.js';
import type { TrainingState } from '../step/training-state.js';

export const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** Of the form of all of them. From 2 on a place has it as its key `version`; without it, it is the first. */
const CHECKPOINT_VERSION = 1;

/** What the place of any kind of run has. */
export interface StoredPlace {
  readonly fingerprint: string;
  readonly step: number;
}

/** Columns of numbers of one length, by name. */
export type Columns<Name extends string> = Readonly<Record<Name, number[]>>;

/** A kind of run: the form of its place, and the columns of what happened so far. */
export interface CheckpointKind<Place extends StoredPlace, Name extends string> {
  readonly place: z.ZodType<Place>;
  readonly columns: readonly Name[];
  /** Key of the place in the file's metadata. */
  readonly key: string;
  /** Columns are the tensors `PREFIX.NAME`. */
  readonly prefix: string;
  /** Whose checkpoint it is, and what beside settings decides that, for sentences. */
  readonly owner: string;
  readonly source: string;
}

/** Of runs of phases, whose places differ. */
export function runCheckpoint<Place extends StoredPlace>(
  place: z.ZodType<Place>,
): CheckpointKind<Place, keyof History> {
  const [key, prefix, owner, source] = ['layerwise.checkpoint', 'history', 'a run', 'data'];
  return { place, columns: HISTORY_COLUMNS, key, prefix, owner, source };
}

/**
 * Writes parameters, optimiser state (all zero and left out before a phase's first step), columns and place.
 */
export async function writeCheckpoint<Place extends StoredPlace, Name extends string>(
  kind: CheckpointKind<Place, Name>,
  file: string,
  state: TrainingState,
  place: Place,
  columns: Columns<Name>,
): Promise<void> {
  const column = (name: Name): NamedTensor => {
    const data = Float64Array.from(columns[name]);
    return { name: `${kind.prefix}.${name}`, shape: [data.length], data };
  };
  const views = [...stateViews(state, place)].map(([name, data]) => ({ name, shape: [data.length], data }));
  await writeSafetensors(file, [...views, ...kind.columns.map(column)], {
    metadata: { [kind.key]: JSON.stringify(place) },
  });
}

/**
 * Puts a checkpoint back into `state` and gives its place and columns, or null where there is no file.
 * Nothing is changed before all of it was found good.
 * @throws InputError when the file is damaged or belongs to a run with another fingerprint.
 */
export function readCheckpoint<Place extends StoredPlace, Name extends string>(
  kind: CheckpointKind<Place, Name>,
  file: string,
  state: TrainingState,
  fingerprint: string,
): { readonly place: Place; readonly columns: Columns<Name> } | null {
  if (!fileExists(file)) return null;
  const stored = openSafetensors(file);
  const place = placeIn(kind, stored);
  if (place === null)
    throw new InputError(
      `${file} is not a checkpoint of ${kind.owner}; delete it, or add --fresh to start over.`,
    );
  if (place.fingerprint !== fingerprint) {
    throw new InputError(
      `${file} belongs to a run with other settings or ${kind.source}; choose another --out, or add --fresh to start over.`,
    );
  }
  const views = stateViews(state, place);
  for (const [name, { length }] of views) refuseOther(stored, name, 'F32', length);
  const column = (name: string): string => `${kind.prefix}.${name}`;
  const rows = stored.tensors.get(column('step'))?.length ?? 0;
  for (const name of kind.columns) refuseOther(stored, column(name), 'F64', rows);
  const columns = Object.fromEntries(
    kind.columns.map((name) => [name, Array.from(new Float64Array(stored.readBytes(column(name)).buffer))]),
  ) as Record<Name, number[]>;
  for (const [name, view] of views) stored.readInto(name, view);
  return { place, columns };
}

/**
 * What a checkpoint holds of flat memory, by tensor: `parameters.NAME`, and where a step was taken
 * `exp_avg.NAME` and its like, and `earlier.NAME` of a run that keeps an earlier iterate.
 */
function stateViews(
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
export function isCheckpointOf<Place extends StoredPlace, Name extends string>(
  kind: CheckpointKind<Place, Name>,
  file: string,
  fingerprint: string,
): boolean {
  return placeOf(kind, file, fingerprint) !== null;
}

/**
 * Where `file` stands if it is a checkpoint of the run with this fingerprint, or null: it is damaged, missing
 * or another's.
 * @throws InputError for one of a newer layerwise, which may hold days of work
 */
export function placeOf<Place extends StoredPlace, Name extends string>(
  kind: CheckpointKind<Place, Name>,
  file: string,
  fingerprint: string,
): Place | null {
  const stored = wholeFile(file);
  const place = stored === null ? null : placeIn(kind, stored);
  return place?.fingerprint === fingerprint ? place : null;
}

/** Null where there is none that can be read. */
function wholeFile(file: string): Safetensors | null {
  try {
    return fileExists(file) ? openSafetensors(file) : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Null where the file is none of that kind. @throws InputError for one of a newer layerwise */
function placeIn<Place extends StoredPlace, Name extends string>(
  kind: CheckpointKind<Place, Name>,
  { file, metadata }: Safetensors,
): Place | null {
  const json = parseJson(metadata[kind.key]);
  refuseNewer(file, `checkpoint of ${kind.owner}`, statedVersion(json), CHECKPOINT_VERSION);
  const place = kind.place.safeParse(json);
  return place.success ? place.data : null;
}

/** @throws InputError unless `name` is there with this type and length. */
function refuseOther({ file, tensors }: Safetensors, name: string, dtype: string, length: number): void {
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
