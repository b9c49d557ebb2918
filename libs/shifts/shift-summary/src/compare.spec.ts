import type { PerPart, PerSplit } from '@layerwise/pairs';
import { describe, expect, it } from 'vitest';
import { normalVectors } from '../test/formula.js';
import { classifyParts, testSplit } from './compare.js';
import { medianDistance, rbfKernel, squaredDistances } from './kernel.js';
import { mmdTest } from './mmd.js';
import { gather, stack, type PartVectors } from './part-vectors.js';
import { drawsFor, subsetOf, withoutSubset } from './random.js';

const options = { seed: 1, rows: 2000, permutations: 99, c: 1 };

/** Rows `from`, `from` + 2, … of `rows` vectors. */
function part(rows: number, size: number, seed: number, from: number): PartVectors {
  const { values } = normalVectors(drawsFor(seed, 'source'), rows, size);
  const index = Int32Array.from({ length: rows }, (_, row) => row);
  return { source: { index, size, values }, rows: index.filter((row) => row % 2 === from) };
}

/** The even rows of noise against the odd ones. */
function noise(trainRows: number, devRows: number, size: number): PerPart<PerSplit<PartVectors>> {
  const halves = (from: number) => ({
    train: part(trainRows, size, 1, from),
    dev: part(devRows, size, 2, from),
  });
  return { original: halves(0), shifted: halves(1) };
}

describe('the test', () => {
  it('compares the rows of the parts, all of them where they are few', () => {
    const parts = noise(60, 40, 3);
    const { mmdSquared, medianDistance: sigma, rowsOfPart } = testSplit(parts, 'dev', options);
    const { source } = parts.original.dev;
    const rowOf = (row: number) => Array.from(source.values.subarray(3 * row, 3 * row + 3));
    const pooled = Float32Array.from([...parts.original.dev.rows, ...parts.shifted.dev.rows].flatMap(rowOf));
    const squares = squaredDistances({ rows: 40, size: 3, values: pooled });
    const expected = medianDistance(squares);
    expect(rowsOfPart).toBe(20);
    expect(sigma).toBe(expected);
    const direct = mmdTest(rbfKernel(squares, expected), 40, 20, 1, drawsFor(9, 'any'));
    expect(mmdSquared).toBe(direct.mmdSquared);
  });

  it('takes as many rows of both parts where one is smaller', () => {
    const parts = noise(60, 40, 3);
    const small = { ...parts.shifted.dev, rows: parts.shifted.dev.rows.subarray(0, 12) };
    const unequal = { ...parts, shifted: { ...parts.shifted, dev: small } };
    expect(testSplit(unequal, 'dev', options).rowsOfPart).toBe(12);
    expect(testSplit(unequal, 'dev', { ...options, rows: 11 }).rowsOfPart).toBe(5);
  });
});

it('deals the same rows otherwise with another seed', () => {
  const [one, other] = [1, 2].map((seed) => testSplit(noise(60, 40, 3), 'dev', { ...options, seed }));
  expect(other!.mmdSquared).toBe(one!.mmdSquared);
  expect(other!.permuted).not.toEqual(one!.permuted);
});

describe('the classifier', () => {
  it('is right of all rows where two rows of each part show the way', () => {
    const parts = noise(60, 40, 3);
    const far = (vectors: PartVectors) => {
      const values = vectors.source.values.map((value) => value + 100);
      return { ...vectors, source: { ...vectors.source, values } };
    };
    const shifted = { train: far(parts.shifted.train), dev: far(parts.shifted.dev) };
    const { heldOut } = classifyParts({ ...parts, shifted }, { ...options, rows: 4 });
    expect(heldOut.dev.proxyADistance.value).toBe(2);
    expect(Math.max(...heldOut.dev.scores.original)).toBeLessThan(0);
    expect(Math.min(...heldOut.dev.scores.shifted)).toBeGreaterThan(0);
  });

  it('is judged on rows that it has not seen', () => {
    // 100 numbers and 64 rows: it learns noise by heart, and is right of other rows by chance.
    const { heldOut, fittedOfPart } = classifyParts(noise(800, 400, 100), { ...options, rows: 64 });
    expect(fittedOfPart).toBe(32);
    expect(heldOut.train.scores.original.length).toBe(32);
    const wide = classifyParts(noise(800, 400, 100), { ...options, rows: 160 });
    expect(wide.heldOut.train.balancedAccuracy.value).toBeLessThan(0.65);
    expect(wide.heldOut.dev.balancedAccuracy.value).toBeLessThan(0.6);
    expect(wide.heldOut.dev.scores.shifted.length).toBe(200);
  });

  it('leaves a fifth of the smaller part out of the fit', () => {
    const { heldOut, fittedOfPart } = classifyParts(noise(100, 40, 3), options);
    expect(fittedOfPart).toBe(40);
    expect(heldOut.train.scores.original.length).toBe(10);
    expect(heldOut.train.scores.shifted.length).toBe(10);
  });
});

it('gathers rows of the source by their positions in the part', () => {
  const source = { index: Int32Array.of(7, 8, 9), size: 2, values: Float32Array.of(0, 1, 10, 11, 20, 21) };
  const own = gather({ source, rows: Int32Array.of(1, 2) }, Int32Array.of(1, 0));
  expect(own).toEqual({ rows: 2, size: 2, values: Float32Array.of(20, 21, 10, 11) });
  const first = gather({ source, rows: Int32Array.of(0) }, Int32Array.of(0));
  expect(stack(first, own).values).toEqual(Float32Array.of(0, 1, 20, 21, 10, 11));
});

it('parts numbers into a subset and the rest, none lost or doubled', () => {
  for (let seed = 0; seed < 50; seed++) {
    const draw = drawsFor(seed, 'sizes');
    const count = 1 + draw(40);
    const subset = subsetOf(draw, count, draw(count + 1));
    const rest = withoutSubset(count, subset);
    const all = [...subset, ...rest].sort((a, b) => a - b);
    expect(all).toEqual([...Array(count).keys()]);
    expect([...rest]).toEqual([...rest].sort((a, b) => a - b));
  }
});
