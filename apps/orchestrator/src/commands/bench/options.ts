/** The options of `layerwise bench step`. */
import { engineOptions } from '@layerwise/engine/options';
import { runOptions } from '@layerwise/finetune/options';
import { z } from 'zod';

const count = (least: number) => z.number().int().min(least);

export const benchStepOptions = {
  batch: runOptions.batch,
  length: count(3).default(64).describe('tokens a row'),
  steps: count(1).default(20).describe('steps that are timed'),
  dropout: runOptions.dropout.default(0.1).describe('dropout probability'),
  recompute: runOptions.recompute,
  seed: runOptions.seed.describe('of weights, ids and dropout'),
  ...engineOptions,
};

export interface BenchStepOptions extends z.output<z.ZodObject<typeof benchStepOptions>> {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  /** A folder for onnxruntime's times of every operator; undefined: nothing is timed within a step. */
  readonly profile?: string;
  readonly json?: boolean;
}
