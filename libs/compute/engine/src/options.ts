/** The options that choose what computes. Light, so that a command line reads it before any engine loads. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

export const ENGINE_NAMES = ['onnxruntime', 'tfjs-cpu', 'tfjs-wasm', 'tfjs-node', 'tfjs-node-gpu'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Where onnxruntime computes. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** For `z.object`. */
export const engineOptions = {
  engine: z
    .enum(ENGINE_NAMES)
    .default('onnxruntime')
    .describe('what computes; `layerwise doctor` tells which are present'),
  provider: z.enum(PROVIDERS).default('cpu').describe('where onnxruntime computes'),
  threads: z.number().int().min(1).default(availableParallelism).describe('threads of the engine'),
};

export type EngineOptions = z.output<z.ZodObject<typeof engineOptions>>;
