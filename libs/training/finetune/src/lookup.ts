/**
 * Embeddings outside the graph: a batch's rows are summed from the tables before the forward pass, and the
 * rows' gradients are added to the tables' gradients after the backward pass. Indices lie in flat memory,
 * where the kernels read them.
 */
import { loadRows, viewOf, type FlatMemory, type Region } from '@layerwise/engine';
import { ENCODER_NAMES, architectureOf, type PackedBatch } from '@layerwise/model';
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
export function lookupFloats(hidden: number, maximumTokens: number): number[] {
  return [maximumTokens * hidden, maximumTokens * hidden, maximumTokens, maximumTokens, maximumTokens];
}

export function createLookup(memory: FlatMemory, plan: WeightPlan, maximumTokens: number): EmbeddingLookup {
  const { config, vocabulary, layout } = plan;
  const { hiddenSize } = config;
  const kernels = loadRows(memory);
  const rows = memory.allocate(maximumTokens * hiddenSize);
  const gradients = memory.allocate(maximumTokens * hiddenSize);
  const { words, positions, types } = ENCODER_NAMES[config.architecture].tables;
  const { positionOffset } = architectureOf(config);
  // PyTorch adds words, types and positions in this order.
  const tables = [
    {
      name: words,
      rowsOf: (batch: PackedBatch) => batch.ids,
      translate: (id: number) => vocabulary.rowOf[id] ?? -1,
    },
    ...(types === null
      ? []
      : [{ name: types, rowsOf: (batch: PackedBatch) => batch.types, translate: (type: number) => type }]),
    {
      name: positions,
      rowsOf: (batch: PackedBatch) => batch.positions,
      translate: (position: number) => position + positionOffset,
    },
  ].map((table) => ({ ...table, indices: asIndices(memory.allocate(maximumTokens)) }));
  let tokens = 0;
  let touched = 0;
  return {
    gather(batch, parameters) {
      if (touched > 0) throw new RangeError('rows were gathered again before their gradients were cleared');
      tokens = batch.tokens;
      const out = rows.floats.subarray(0, tokens * hiddenSize);
      const lookups = tables.map(({ name, rowsOf, translate, indices: all }) => {
        const taken = all.subarray(0, tokens);
        const source = rowsOf(batch);
        for (let row = 0; row < tokens; row++) taken[row] = translate(source[row]!);
        return { table: viewOf(parameters, layout, name), indices: taken };
      });
      kernels.sumRows(out, hiddenSize, lookups);
      return out;
    },
    rowGradients: () => gradients.floats.subarray(0, tokens * hiddenSize),
    scatter(target) {
      const rowGradients = gradients.floats.subarray(0, tokens * hiddenSize);
      for (const { name, indices: all } of tables) {
        kernels.scatterAddRows(
          viewOf(target, layout, name),
          hiddenSize,
          all.subarray(0, tokens),
          rowGradients,
        );
      }
      touched = tokens;
    },
    clear(target) {
      for (const { name, indices: all } of tables) {
        kernels.zeroRows(viewOf(target, layout, name), hiddenSize, all.subarray(0, touched));
      }
      touched = 0;
    },
  };
}

function asIndices({ floats }: Region): Int32Array {
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}
