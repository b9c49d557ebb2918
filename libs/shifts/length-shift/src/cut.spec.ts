/**
 * Properties of a cut by length, against counting: nothing lost, nothing doubled, the shorter part the
 * shorter one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAbove, cutAtMedian, evenThreshold, type Cut } from './cut.js';

/** Few different lengths, so that there are many ties. */
const lengthsOf = (minLength: number) =>
  fc
    .array(fc.integer({ min: 0, max: 12 }), { minLength, maxLength: 60 })
    .map((lengths) => Int32Array.from(lengths));
const uneven = lengthsOf(2).filter((lengths) => new Set(lengths).size > 1);

/** What holds of every cut. */
function checkCut(lengths: Int32Array, { original, shifted, at }: Cut): void {
  expect([...original, ...shifted].sort((a, b) => a - b)).toEqual([...lengths.keys()]);
  for (const rows of [original, shifted]) expect(rows).toEqual(rows.slice().sort());
  const longest = Math.max(...Array.from(original, (row) => lengths[row]!));
  const shortest = Math.min(...Array.from(shifted, (row) => lengths[row]!));
  expect(longest).toBeLessThanOrEqual(shortest);
  expect(longest).toBeLessThanOrEqual(at);
  expect(at).toBeLessThanOrEqual(shortest);
}

describe('a cut at the median', () => {
  it('halves any split, in the order of its source', () => {
    fc.assert(
      fc.property(lengthsOf(2), (lengths) => {
        const cut = cutAtMedian(lengths);
        checkCut(lengths, cut);
        expect(cut.original.length - cut.shifted.length).toBe(lengths.length % 2);
      }),
    );
  });

  it('gives the rows that a stable sort by length puts first', () => {
    fc.assert(
      fc.property(lengthsOf(0), (lengths) => {
        const order = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]! || a - b);
        const first = order.slice(0, Math.ceil(order.length / 2));
        expect([...cutAtMedian(lengths).original]).toEqual(first.sort((a, b) => a - b));
      }),
    );
  });

  it('parts rows of the median length by their order', () => {
    const { original, shifted, at } = cutAtMedian(Int32Array.of(7, 9, 7, 2, 7, 7, 3));
    expect([...original]).toEqual([0, 2, 3, 6]);
    expect([...shifted]).toEqual([1, 4, 5]);
    expect(at).toBe(7);
  });

  it('lies between the two lengths where no row is as long', () => {
    expect(cutAtMedian(Int32Array.of(4, 1, 9, 2)).at).toBe(3);
  });
});

describe('a cut by one threshold', () => {
  it('keeps equal lengths together and parts the others as evenly as can be', () => {
    fc.assert(
      fc.property(uneven, (lengths) => {
        const threshold = evenThreshold(lengths)!;
        const cut = cutAbove(lengths, threshold);
        checkCut(lengths, cut);
        for (const row of cut.original) expect(lengths[row]).toBeLessThan(cut.at);
        for (const row of cut.shifted) expect(lengths[row]).toBeGreaterThan(cut.at);
        expect(cut.original.length).toBeGreaterThan(0);
        expect(cut.shifted.length).toBeGreaterThan(0);
        const unevenness = (bound: number): number =>
          Math.abs(2 * lengths.filter((length) => length <= bound).length - lengths.length);
        for (const other of lengths)
          if (other < Math.max(...lengths))
            expect(unevenness(threshold)).toBeLessThanOrEqual(unevenness(other));
      }),
    );
  });

  it('puts the middle length with the shorter rows where both ways are as even', () => {
    expect(evenThreshold(Int32Array.of(3, 1, 2))).toBe(2);
    expect(evenThreshold(Int32Array.of(5, 5, 5, 1))).toBe(1);
  });

  it('is not to be had of rows of one length, or of none', () => {
    expect(evenThreshold(Int32Array.of(4, 4, 4))).toBeUndefined();
    expect(evenThreshold(Int32Array.of())).toBeUndefined();
  });

  it('is right for lengths that it was not made of', () => {
    const { original, shifted, at } = cutAbove(Int32Array.of(6, 7, 8, 1), 7);
    expect([[...original], [...shifted], at]).toEqual([[0, 1, 3], [2], 7.5]);
  });
});
