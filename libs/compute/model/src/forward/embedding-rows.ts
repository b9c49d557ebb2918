/**
 * The rows that a batch takes from the tables of embeddings, summed outside the graph before the forward
 * pass. Rows and indices lie in flat memory, where the kernels read them.
 */
import { loadRows, type FlatMemory, type Region } from '@layerwise/engine';
import type { EncoderConfig } from '../architectures/architecture.js';
import type { PackedBatch } from './packing.js';

export interface EmbeddingRows {
  /**
   * Sums the rows of `batch`: [tokens, hidden]. The view holds until the next call.
   *
   * @param tableOf the table of a tensor's name: [rows, hidden]
   */
  sum(batch: PackedBatch, tableOf: (name: string) => Float32Array): Float32Array;
  /** Which rows of each table the last batch took: [tokens]. */
  taken(): readonly { readonly name: string; readonly indices: Int32Array }[];
}

/** Floats of the regions that `embeddingRows` allocates, for batches of at most `maximumTokens`. */
export function embeddingRowsFloats({ hiddenSize }: EncoderConfig, maximumTokens: number): number[] {
  return [maximumTokens * hiddenSize, maximumTokens, maximumTokens, maximumTokens];
}

const same = (row: number): number => row;

/** @param rowOfWord the row of a token id in the table of words, where that holds only some of them */
export function embeddingRows(
  memory: FlatMemory,
  config: EncoderConfig,
  maximumTokens: number,
  rowOfWord = same,
): EmbeddingRows {
  const { hiddenSize, architecture } = config;
  const kernels = loadRows(memory);
  const rows = memory.allocate(maximumTokens * hiddenSize).floats;
  const { words, types, positions } = architecture.tables;
  // PyTorch adds words, types and positions in this order.
  const tables = [
    { name: words, ofBatch: (batch: PackedBatch) => batch.ids, rowOf: rowOfWord },
    { name: types, ofBatch: (batch: PackedBatch) => batch.types, rowOf: same },
    {
      name: positions,
      ofBatch: (batch: PackedBatch) => batch.positions,
      rowOf: (position: number) => position + architecture.positionOffset,
    },
  ].flatMap(({ name, ofBatch, rowOf }) =>
    name === null ? [] : [{ name, ofBatch, rowOf, all: asIndices(memory.allocate(maximumTokens)) }],
  );
  let tokens = 0;
  const taken = (): { name: string; indices: Int32Array }[] =>
    tables.map(({ name, all }) => ({ name, indices: all.subarray(0, tokens) }));
  return {
    taken,
    sum(batch, tableOf) {
      tokens = batch.tokens;
      for (const { ofBatch, rowOf, all } of tables) {
        const source = ofBatch(batch);
        for (let token = 0; token < tokens; token++) all[token] = rowOf(source[token]!);
      }
      const out = rows.subarray(0, tokens * hiddenSize);
      const lookups = taken().map(({ name, indices }) => ({ table: tableOf(name), indices }));
      kernels.sumRows(out, hiddenSize, lookups);
      return out;
    },
  };
}

function asIndices({ floats }: Region): Int32Array {
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}
