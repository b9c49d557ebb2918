/**
 * Vectors that are finished, kept chunk by chunk, so that work which was killed goes on and work that was
 * done is not done again. A folder's name is the digest of all that decides about its vectors; a file in it
 * is one chunk, whole or absent.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { column, defineTable, readTable, writeTable } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';

const chunkTable = defineTable({
  name: 'embedding-chunk',
  version: 1,
  description: 'Vectors of texts in the order in which they were computed',
  columns: [column('vector', 'fixed_size_list<float32>', 'the embedding of a text')],
});

export interface ChunkStore {
  /** [texts, size], or undefined where the chunk is not there, damaged or of other sizes. */
  read(chunk: number, texts: number, size: number): Promise<Float32Array | undefined>;
  /** @throws InputError when the folder cannot be written. */
  write(chunk: number, size: number, values: Float32Array): Promise<void>;
}

/** The store of the vectors with this key below `folder`, which need not exist. */
export function chunkStore(folder: string, key: string): ChunkStore {
  const fileOf = (chunk: number): string => join(folder, key, `${chunk}.arrow`);
  return {
    async read(chunk, texts, size) {
      const file = fileOf(chunk);
      if (!existsSync(file)) return undefined;
      try {
        const vector = (await readTable(file, chunkTable)).column('vector');
        return vector.size === size && vector.values.length === texts * size ? vector.values : undefined;
      } catch (error) {
        // A damaged chunk is no reason to stop: it is computed again.
        if (error instanceof InputError) return undefined;
        throw error;
      }
    },
    async write(chunk, size, values) {
      await writeTable(fileOf(chunk), chunkTable, { vector: { size, values } });
    },
  };
}

/** Keeps nothing. */
export const noStore: ChunkStore = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
};
