/**
 * Which way an encoder folder is computed: safetensors of a supported architecture on the engine, else the
 * folder's ONNX file. A pooling that is given is taken as it is; else the folder's own recipe
 * (`sentence-modules.ts`), else [CLS].
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { readModelType, SUPPORTED_ARCHITECTURES } from '@layerwise/model';
import { plainRecipe, type Embedder, type EmbedderOptions, type Recipe } from './embedder.js';
import { onnxEmbedder } from './onnx-embedder.js';
import { encoderFolderOf, readSentenceModules } from './sentence-modules.js';
import { weightsEmbedder } from './weights-embedder.js';

/** Where exports of sentence encoders lie in their folder. */
const ONNX_FILES = ['model.onnx', 'onnx/model.onnx'];

/** @throws InputError when `folder` holds nothing that can embed. */
export async function openEmbedder(folder: string, options: EmbedderOptions): Promise<Embedder> {
  const encoder = encoderFolderOf(folder);
  const recipe = recipeOf(folder, options);
  const onnx = ONNX_FILES.map((name) => join(encoder, name)).find((file) => existsSync(file));
  if (onnx === undefined || hasSupportedWeights(encoder))
    return weightsEmbedder(encoder, recipe ?? plainRecipe('cls'), options);
  return onnxEmbedder(encoder, onnx, recipe, options);
}

/** Null where neither the caller nor the folder says. */
function recipeOf(folder: string, { pooling }: EmbedderOptions): Recipe | null {
  return pooling === null ? readSentenceModules(folder) : plainRecipe(pooling);
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
