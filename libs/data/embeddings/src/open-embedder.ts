/**
 * Which way an encoder folder is computed: safetensors of a supported architecture on the engine, else the
 * folder's ONNX file. A pooling that is given is taken as it is; else the folder's own recipe
 * (`sentence-modules.ts`), else [CLS].
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { readModelType, SUPPORTED_ARCHITECTURES } from '@layerwise/model';
import type { Embedder, EmbedderOptions, Recipe } from './embedder.js';
import { onnxEmbedder } from './onnx-embedder.js';
import { readSentenceModules } from './sentence-modules.js';
import { weightsEmbedder } from './weights-embedder.js';

/** Where exports of sentence encoders lie in their folder. */
const ONNX_FILES = ['model.onnx', 'onnx/model.onnx'];

/** @throws InputError when `folder` holds nothing that can embed. */
export async function openEmbedder(folder: string, options: EmbedderOptions): Promise<Embedder> {
  const recipe = recipeOf(folder, options);
  const onnx = ONNX_FILES.map((name) => join(folder, name)).find((file) => existsSync(file));
  if (onnx === undefined || hasSupportedWeights(folder))
    return weightsEmbedder(folder, recipe ?? { pooling: 'cls', normalized: false }, options);
  return onnxEmbedder(folder, onnx, recipe, options);
}

/** Null where neither the caller nor the folder says. */
function recipeOf(folder: string, { pooling }: EmbedderOptions): Recipe | null {
  return pooling === null ? readSentenceModules(folder) : { pooling, normalized: false };
}

function hasSupportedWeights(folder: string): boolean {
  const stored = ['model.safetensors', 'model.safetensors.index.json'];
  if (!stored.some((name) => existsSync(join(folder, name)))) return false;
  try {
    return SUPPORTED_ARCHITECTURES.includes(readModelType(folder));
  } catch (error) {
    // No config.json, or one that does not say: the ONNX file needs none.
    if (error instanceof InputError) return false;
    throw error;
  }
}
