/**
 * How both phases train, as parameters of a stage: those of every stage that fine-tunes have these; rates,
 * method and seeds are its own.
 */
import { availableParallelism } from 'node:os';
import { ENGINE_NAMES, PROVIDERS } from '@layerwise/engine';
import { z } from 'zod';

const count = (least: number) => z.number().int().min(least);
const share = z.number().min(0).lt(1);

/** For `z.object`; what comes out is what `settingsFrom` takes. */
export const trainingParameters = {
  groups: z.string().default('paper').describe('layer groups: paper, paper-ceil, layers, or a file'),
  optimizer: z.enum(['adam', 'adamw', 'sgd']).default('adam').describe('update rule'),
  weightDecay: z.number().min(0).optional().describe("adamw's, a factor of the rate"),
  schedule: z
    .enum(['cosine', 'linear', 'constant', 'slanted-triangular'])
    .default('cosine')
    .describe('how rates change'),
  warmup: share.default(0.1).describe("share of a phase's steps over which rates rise"),
  epochsOriginal: count(1).default(3).describe('passes over the first training split'),
  epochsShifted: count(1).default(3).describe('passes over the second training split'),
  batch: count(1).default(16).describe('rows a step'),
  accumulate: count(1).default(1).describe('batches whose gradients make one step'),
  groupByLength: z
    .boolean()
    .optional()
    .describe('makes batches of texts of like length: faster, and not quite at random'),
  maxLength: count(3).default(256).describe('tokens a row at most'),
  clipNorm: z.number().min(0).optional().describe("largest global norm of a step's gradient"),
  dropout: share.optional().describe("dropout in place of the encoder's own"),
  recompute: z
    .boolean()
    .optional()
    .describe('computes layers again in the backward pass: the same bits, less memory, more time'),
  engine: z.enum(ENGINE_NAMES).default('onnxruntime').describe('what computes'),
  provider: z.enum(PROVIDERS).default('cpu').describe('where onnxruntime computes'),
  threads: count(1).default(availableParallelism).describe('threads of the engine'),
};
