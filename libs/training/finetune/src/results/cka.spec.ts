/** Linear CKA against NumPy's Gram matrices (`tools/reference/cka_numbers.py`). */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { linearCka } from './cka.js';

interface Case {
  readonly texts: number;
  readonly widths: readonly [number, number];
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly cka: number;
}

const cases = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/cka.json'), 'utf8'),
) as readonly Case[];
const of = (values: readonly number[], width: number) => ({ values: Float32Array.from(values), width });

it.each(cases)('of $texts texts, widths $widths', ({ widths, x, y, cka }) => {
  expect(cka).toBeLessThan(0.99);
  expect(linearCka(of(x, widths[0]), of(y, widths[1]))).toBeCloseTo(cka, 6);
});

it('is 1 whatever the rotation, scale and place of the axes', () => {
  const { x, widths } = cases[0]!;
  // Columns reversed, one of them turned round, all stretched and moved.
  const turned = x.map((_, place) => {
    const column = place % widths[0];
    const from = x[place - column + (widths[0] - 1 - column)]!;
    return 3 * (column === 0 ? -from : from) + column;
  });
  expect(linearCka(of(x, widths[0]), of(turned, widths[0]))).toBeCloseTo(1, 6);
});

it('has nothing to say where all vectors are equal', () => {
  expect(linearCka(of([1, 2, 1, 2], 2), of([1, 2, 3, 5], 2))).toBeNull();
});
