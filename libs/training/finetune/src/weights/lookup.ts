/**
 * Embeddings outside the graph: a batch's rows are summed from the tables before the forward pass
 * (`embeddingRows` of @layerwise/model), and the rows' gradients are added to the tables' gradients after the
 * backward pass.
 */
import { loadRows, viewOf, type FlatMemory } from '@layerwise/engine';
import { embeddingRows, embeddingRowsFloats, type EncoderConfig, type PackedBatch } from '@layerwise/model';
import type { WeightPlan } from './weights.js';

export interface EmbeddingLookup {
  /**
   * Sums the rows of `batch` from `parameters` and gives them: [tokens, hidden]. The view holds until the
   * next call.
   */
  gather(batch: PackedBatch, parameters: Float32Array): Float32Array;
  /** Where a session writes the gradients of the rows gathered last: [tokens, hidden]. */
  rowGradients(): Float32Array;
  /** Adds the row gradients to the tables' gradients in `gradients`. */
  scatter(gradients: Float32Array): void;
  /** Zeroes the rows that the last `scatter` touched, and no others: before the next `gather`. */
  clear(gradients: Float32Array): void;
}

/** Floats of the regions that `createLookup` allocates, for batches of at most `maximumTokens`. */
export function lookupFloats(config: EncoderConfig, maximumTokens: number): number[] {
  return [...embeddingRowsFloats(config, maximumTokens), maximumTokens * config.hiddenSize];
}

export function createLookup(memory: FlatMemory, plan: WeightPlan, maximumTokens: number): EmbeddingLookup {
  const { config, vocabulary, layout } = plan;
  const { hiddenSize } = config;
  const kernels = loadRows(memory);
  const rows = embeddingRows(memory, config, maximumTokens, (id) => vocabulary.rowOf[id] ?? -1);
  const gradients = memory.allocate(maximumTokens * hiddenSize).floats;
  let tokens = 0;
  let touched = false;
  const rowGradients = (): Float32Array => gradients.subarray(0, tokens * hiddenSize);
  return {
    gather(batch, parameters) {
      if (touched) throw new RangeError('rows were gathered again before their gradients were cleared');
      tokens = batch.tokens;
      return rows.sum(batch, (name) => viewOf(parameters, layout, name));
    },
    rowGradients,
    scatter(target) {
      for (const { name, indices } of rows.taken())
        kernels.scatterAddRows(viewOf(target, layout, name), hiddenSize, indices, rowGradients());
      touched = true;
    },
    clear(target) {
      if (!touched) return;
      for (const { name, indices } of rows.taken())
        kernels.zeroRows(viewOf(target, layout, name), hiddenSize, indices);
      touched = false;
    },
  };
}
