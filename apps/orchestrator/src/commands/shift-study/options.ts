/** The options of `layerwise shift-study`, each declared once. */
import { engineOptions } from '@layerwise/engine/options';
import { trainingOptions } from '@layerwise/finetune/options';
import { POOLINGS } from '@layerwise/model/options';
import type { PairKind } from '@layerwise/pairs/options';
import { z } from 'zod';

const count = (least: number) => z.number().int().min(least);
const { groups, schedule, warmup, batch, maxLength } = trainingOptions;

export const shiftStudyOptions = {
  groups,
  schedule,
  warmup,
  epochs: z
    .array(count(1))
    .default([3])
    .describe('passes over each training set, or one number a task: n,m,…'),
  batch,
  maxLength,
  trainLimit: count(2).optional().describe('training rows of a task at most, a seeded sample'),
  dataSeed: count(0).default(1).describe('of that sample, of clusters and of the bootstrap'),
  seeds: z.array(count(0)).default([1, 2, 3]).describe('of heads, shuffling and dropout: a run for each'),
  minimumRows: count(1).default(10).describe('least rows of each split of each part'),
  pooling: z
    .enum(POOLINGS)
    .optional()
    .describe("for clusters: a text's vector (default: as the encoder's folder says, else cls)"),
  k: count(2).default(2).describe('for clusters: how many; D_o is the largest, D_s the next'),
  resamples: count(100).default(10_000).describe('of the bootstrap'),
  checkpointEvery: count(0).default(200).describe('steps between checkpoints; 0: only when interrupted'),
  ...engineOptions,
};

export interface ShiftStudyCommandOptions extends z.output<z.ZodObject<typeof shiftStudyOptions>> {
  /** Sources of tasks, or names of folders in `glue`; `A:B` for the kind dataset. */
  readonly tasks: readonly string[];
  readonly kind: PairKind;
  readonly encoder: string;
  readonly glue?: string;
  /** Undefined: a folder of the study's own in data-cache/shift-study. */
  readonly out?: string;
  readonly rates: string;
  readonly json?: boolean;
}
