// Lookups and their transpose, against loops written out here and against the TypeScript twin, bit for bit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createFlatMemory, type Region } from './memory.js';
import { loadRows, referenceRows } from './rows.js';

const memory = createFlatMemory([4096, 4096, 4096, 4096, 64, 64]);
const rows = loadRows(memory);
const [tableA, tableB, tableC, out] = [0, 1, 2, 3].map(() => memory.allocate(4096)) as [
  Region,
  Region,
  Region,
  Region,
];
const scratch = [memory.allocate(64), memory.allocate(64)] as const;

/** Indices where the kernels can read them. */
function indicesAt(region: Region, values: readonly number[]): Int32Array {
  const view = new Int32Array(region.floats.buffer, region.byteOffset, values.length);
  view.set(values);
  return view;
}

function noise(length: number, seed: number): Float32Array {
  return Float32Array.from(
    { length },
    (_, i) => Math.sin((i + 1) * 12.9898 + seed) * 10 ** ((i * 7 + seed) % 5),
  );
}

/** Width, rows of the table and indices into it. */
const lookups = fc
  .tuple(fc.integer({ min: 1, max: 67 }), fc.integer({ min: 1, max: 20 }))
  .chain(([width, count]) =>
    fc.tuple(
      fc.constant(width),
      fc.constant(count),
      fc.array(fc.integer({ min: 0, max: count - 1 }), { maxLength: 30 }),
    ),
  );

describe('rows of a table', () => {
  it('sum the word, type and position rows of each token', () => {
    const [width, words, types, positions] = [5, [3, 0, 3, 1], [0, 0, 1, 1], [0, 1, 2, 3]];
    const tables = [tableA, tableB, tableC].map((region, i) => {
      const table = region.floats.subarray(0, 4 * width);
      table.set(noise(table.length, i));
      return table;
    }) as [Float32Array, Float32Array, Float32Array];
    const result = out.floats.subarray(0, 4 * width);
    const third = new Int32Array(scratch[1].floats.buffer, scratch[1].byteOffset + 64, 4);
    third.set(positions);
    rows.sumRows(result, width, [
      { table: tables[0], indices: indicesAt(scratch[0], words) },
      { table: tables[1], indices: indicesAt(scratch[1], types) },
      { table: tables[2], indices: third },
    ]);
    for (let r = 0; r < 4; r++) {
      for (let j = 0; j < width; j++) {
        const at = (table: Float32Array, row: number | undefined): number => table[(row ?? 0) * width + j]!;
        const expected = Math.fround(
          Math.fround(at(tables[0], words[r]) + at(tables[1], types[r])) + at(tables[2], positions[r]),
        );
        expect(result[r * width + j]).toBe(expected);
      }
    }
  });

  it('equal the TypeScript twin bit for bit, any width, any indices, and touch nothing else', () => {
    fc.assert(
      fc.property(lookups, ([width, count, values]) => {
        const indices = indicesAt(scratch[0], values);
        const size = count * width;
        const wide = values.length * width;
        tableA.floats.set(noise(4096, 1));
        out.floats.set(noise(4096, 2));
        const table = tableA.floats.slice();
        const rowsGiven = out.floats.slice();

        rows.scatterAddRows(tableA.floats.subarray(0, size), width, indices, out.floats.subarray(0, wide));
        referenceRows.scatterAddRows(table.subarray(0, size), width, indices, rowsGiven.subarray(0, wide));
        expect(tableA.floats).toEqual(table);

        const lookup = [
          { table: tableA.floats.subarray(0, size), indices },
          { table: tableB.floats.subarray(0, size), indices },
        ];
        tableB.floats.set(noise(4096, 3));
        rows.sumRows(out.floats.subarray(0, wide), width, lookup);
        referenceRows.sumRows(rowsGiven.subarray(0, wide), width, lookup);
        expect(out.floats).toEqual(rowsGiven);

        rows.zeroRows(tableA.floats.subarray(0, size), width, indices);
        referenceRows.zeroRows(table.subarray(0, size), width, indices);
        expect(tableA.floats).toEqual(table);
      }),
      { numRuns: 200 },
    );
  });

  it('scatter is the transpose of the lookup: ⟨lookup(table), rows⟩ = ⟨table, scatter(rows)⟩', () => {
    const width = 8;
    const indices = indicesAt(scratch[0], [2, 2, 0, 5, 2]);
    const table = tableA.floats.subarray(0, 6 * width);
    const gradient = tableB.floats.subarray(0, 6 * width).fill(0);
    const upstream = out.floats.subarray(0, 5 * width);
    const looked = tableC.floats.subarray(0, 5 * width);
    table.set(noise(table.length, 4).map((x) => x / 1e4));
    upstream.set(noise(upstream.length, 5).map((x) => x / 1e4));
    rows.sumRows(looked, width, [{ table, indices }]);
    rows.scatterAddRows(gradient, width, indices, upstream);
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
    expect(dot(looked, upstream)).toBeCloseTo(dot(table, gradient), 5);
    expect(gradient.subarray(width, 2 * width).every((x) => x === 0)).toBe(true);
    rows.zeroRows(gradient, width, indices);
    expect(gradient.every((x) => x === 0)).toBe(true);
  });

  it('refuse what would read or write beside the table', () => {
    const table = tableA.floats.subarray(0, 12);
    expect(() => {
      rows.zeroRows(table, 4, indicesAt(scratch[0], [3]));
    }).toThrow('row 3 of a table of 3 rows');
    expect(() => {
      rows.zeroRows(table, 4, indicesAt(scratch[0], [-1]));
    }).toThrow('row -1');
    expect(() => {
      rows.zeroRows(table, 5, indicesAt(scratch[0], [0]));
    }).toThrow('no rows of 5');
    expect(() => {
      rows.scatterAddRows(table, 4, indicesAt(scratch[0], [0]), out.floats.subarray(0, 8));
    }).toThrow('do not make 8');
    expect(() => {
      rows.zeroRows(new Float32Array(4), 4, indicesAt(scratch[0], [0]));
    }).toThrow('outside its memory');
  });
});
