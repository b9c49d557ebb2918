/**
 * A pretraining run's state on disk, from which a killed run goes on to the same bits: parameters, moments,
 * the curve so far and the place. Sequences and masks derive from (seed, step).
 */
import { existsSync } from 'node:fs';
import { InputError } from '@layerwise/errors';
import { refuseOther, stateViews, type TrainingState } from '@layerwise/finetune';
import { openSafetensors, writeSafetensors } from '@layerwise/model';
import { parseJson } from '@layerwise/artifacts';
import { z } from 'zod';
import { CURVE_COLUMNS, emptyCurve, type Curve } from './curve.js';

const placeSchema = z.object({
  fingerprint: z.string(),
  /** Steps that are done. */
  step: z.int().nonnegative(),
  /** Tokens that they have seen. */
  tokens: z.number().nonnegative(),
  /** Sum of the losses of the steps since the curve's last row, and how many. */
  lossSum: z.number(),
  lossCount: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
});

/** Where a run stands. */
export type Place = z.infer<typeof placeSchema>;

const METADATA_KEY = 'layerwise.pretraining';

export async function writeCheckpoint(
  file: string,
  state: TrainingState,
  place: Place,
  curve: Curve,
): Promise<void> {
  const views = [...stateViews(state, place)].map(([name, data]) => ({ name, shape: [data.length], data }));
  const columns = CURVE_COLUMNS.map((name) => {
    const data = Float64Array.from(curve[name]);
    return { name: `curve.${name}`, shape: [data.length], data };
  });
  await writeSafetensors(file, [...views, ...columns], {
    metadata: { [METADATA_KEY]: JSON.stringify(place) },
  });
}

/**
 * Puts a checkpoint back into `state` and gives its place and curve, or null where there is no file. Nothing
 * is changed before all of it was found good.
 * @throws InputError when the file is damaged or belongs to a run with another fingerprint.
 */
export function readCheckpoint(
  file: string,
  state: TrainingState,
  fingerprint: string,
): { place: Place; curve: Curve } | null {
  if (!existsSync(file)) return null;
  const stored = openSafetensors(file);
  const place = placeSchema.safeParse(parseJson(stored.metadata[METADATA_KEY])).data;
  if (!place)
    throw new InputError(
      `${file} is not a checkpoint of pretraining; delete it, or add --fresh to start over.`,
    );
  if (place.fingerprint !== fingerprint) {
    throw new InputError(
      `${file} belongs to a run with other settings or text; choose another --out, or add --fresh to start over.`,
    );
  }
  const views = stateViews(state, place);
  for (const [name, { length }] of views) refuseOther(stored, name, 'F32', length);
  const rows = stored.tensors.get('curve.step')?.length ?? 0;
  for (const name of CURVE_COLUMNS) refuseOther(stored, `curve.${name}`, 'F64', rows);
  const curve = emptyCurve();
  for (const name of CURVE_COLUMNS)
    curve[name].push(...new Float64Array(stored.readBytes(`curve.${name}`).buffer));
  for (const [name, view] of views) stored.readInto(name, view);
  return { place, curve };
}
