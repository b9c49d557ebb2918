/**
 * The vectors that tools/reference/shift_summary_numbers.py measures, by the same formula, and pseudo-normal
 * ones.
 */
import type { Draw } from '@layerwise/pairs';
import type { Matrix } from '../src/kernel.js';

/** Row i, number k: a hash of (first + i, k) from 0 to 1, and `shift` more in the first three columns. */
export function formulaVectors(rows: number, size: number, first: number, shift: number): Matrix {
  const values = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < size; k++) {
      const i = first + row;
      const mixed = ((i + 1) * (i + 1) * (k + 3) * 31 + (i + 7) * (k + 1) * (k + 1) * 57 + i * k * 13) % 1009;
      values[row * size + k] = mixed / 1009 + (k < 3 ? shift : 0);
    }
  return { rows, size, values };
}

/** The rows of both, one after the other. */
export function stacked(a: Matrix, b: Matrix): Matrix {
  const values = new Float32Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { rows: a.rows + b.rows, size: a.size, values };
}

/**
 * Independent normal numbers of deviation 1 (Box and Muller); the rows from `shiftedFrom` on have `shift`
 * more in each.
 */
export function normalVectors(draw: Draw, rows: number, size: number, shiftedFrom = rows, shift = 0): Matrix {
  const uniform = () => (draw(2 ** 30) + 0.5) / 2 ** 30;
  const values = Float32Array.from(
    { length: rows * size },
    (_, i) =>
      Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) +
      (i >= shiftedFrom * size ? shift : 0),
  );
  return { rows, size, values };
}
