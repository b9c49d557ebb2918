/**
 * A pretraining run's state on disk, from which a killed run goes on to the same bits: parameters, moments,
 * the curve so far and the place. Sequences and masks derive from (seed, step).
 */
import type { CheckpointKind } from '@layerwise/finetune';
import { z } from 'zod';
import { CURVE_COLUMNS, type Curve } from './curve.js';

const place = z.object({
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
export type Place = z.infer<typeof place>;

export const PRETRAINING_CHECKPOINT: CheckpointKind<Place, keyof Curve> = {
  place,
  columns: CURVE_COLUMNS,
  key: 'layerwise.pretraining',
  prefix: 'curve',
  owner: 'pretraining',
  source: 'text',
};
