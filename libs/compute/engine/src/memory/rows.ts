/**
 * Embedding lookup outside the graph (the kernels: ../wasm/rows.c). The rows that a batch needs go into the
 * session and their gradients come out, so the table itself, most of a small encoder's parameters, never
 * passes through it.
 *
 * Tables are [rows, width], row after row; `indices` names one row of the table for each row of `out` or
 * `rows` [indices.length, width].
 */
import { addressIn, loadKernels } from './wasm-kernels.js';
import type { FlatMemory } from './memory.js';

export interface Lookup {
  readonly table: Float32Array;
  /** One row of the table for each row of the output. */
  readonly indices: Int32Array;
}

export interface Rows {
  /**
   * out[r] = Σ table[indices[r]] over the lookups, added in their order (BERT: word, token type, position).
   * All have as many indices as `out` has rows.
   */
  sumRows(out: Float32Array, width: number, lookups: readonly Lookup[]): void;
  /** table[indices[r]] += rows[r], r = 0, 1, 2, …: the transpose of a lookup, for a table's gradient. */
  scatterAddRows(table: Float32Array, width: number, indices: Int32Array, rows: Float32Array): void;
  /** table[indices[r]] = 0: clears what the last step's `scatterAddRows` touched and nothing else. */
  zeroRows(table: Float32Array, width: number, indices: Int32Array): void;
}

/**
 * The WebAssembly version, for arrays that are views of `memory`. Its functions throw RangeError for an index
 * outside the table and for sizes that do not fit: it would otherwise write over a neighbour.
 */
export function loadRows(memory: FlatMemory): Rows {
  const kernels = loadKernels(
    new URL('../../wasm/rows.wasm', import.meta.url),
    ['gather_rows', 'add_rows', 'scatter_add_rows', 'zero_rows'],
    memory,
  );
  const at = (array: Float32Array | Int32Array): number => addressIn(memory, array);
  return {
    sumRows: (out, width, lookups) => {
      if (lookups.length === 0) throw new RangeError('sumRows needs at least one table');
      lookups.forEach(({ table, indices }, i) => {
        check(table, width, indices, out);
        const kernel = i === 0 ? kernels.gather_rows : kernels.add_rows;
        kernel(at(out), at(table), at(indices), indices.length, width);
      });
    },
    scatterAddRows: (table, width, indices, rows) => {
      check(table, width, indices, rows);
      kernels.scatter_add_rows(at(table), at(rows), at(indices), indices.length, width);
    },
    zeroRows: (table, width, indices) => {
      check(table, width, indices);
      kernels.zero_rows(at(table), at(indices), indices.length, width);
    },
  };
}

/** The same in plain TypeScript, for any arrays and bit for bit. */
export const referenceRows: Rows = {
  sumRows: (out, width, lookups) => {
    if (lookups.length === 0) throw new RangeError('sumRows needs at least one table');
    lookups.forEach(({ table, indices }, i) => {
      check(table, width, indices, out);
      indices.forEach((row, r) => {
        const from = table.subarray(row * width, (row + 1) * width);
        if (i === 0) out.set(from, r * width);
        else addTo(out.subarray(r * width, (r + 1) * width), from);
      });
    });
  },
  scatterAddRows: (table, width, indices, rows) => {
    check(table, width, indices, rows);
    indices.forEach((row, r) => {
      addTo(table.subarray(row * width, (row + 1) * width), rows.subarray(r * width, (r + 1) * width));
    });
  },
  zeroRows: (table, width, indices) => {
    check(table, width, indices);
    for (const row of indices) table.fill(0, row * width, (row + 1) * width);
  },
};

function addTo(sum: Float32Array, row: Float32Array): void {
  row.forEach((value, j) => {
    sum[j] = sum[j]! + value;
  });
}

function check(table: Float32Array, width: number, indices: Int32Array, rows?: Float32Array): void {
  const count = table.length / width;
  if (!Number.isInteger(count))
    throw new RangeError(`a table of ${table.length} floats has no rows of ${width}`);
  if (rows && rows.length !== indices.length * width) {
    throw new RangeError(`${indices.length} indices of rows of ${width} do not make ${rows.length} floats`);
  }
  for (const row of indices) {
    if (row < 0 || row >= count) throw new RangeError(`row ${row} of a table of ${count} rows`);
  }
}
