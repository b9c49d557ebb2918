// The masks: bit equality of WebAssembly and TypeScript, a third implementation's numbers, and statistics
// that a poor generator fails (the test of permuted copies shows one that does).
import { describe, expect, it } from 'vitest';

import { dropoutKey, loadDropout, referenceDropoutMask, type DropoutKey, type MaskPlace } from './dropout.js';
import { createFlatMemory } from './memory.js';

const LENGTH = 1 << 16;
const place: MaskPlace = { seed: 1, phase: 0, step: 0, place: 0 };
const memory = createFlatMemory([LENGTH, 1024]);
const fill = loadDropout(memory);
const region = memory.allocate(LENGTH);

/** 1 where the float was kept. */
function kept(rate: number, key: DropoutKey, length = LENGTH): Uint8Array {
  const mask = region.floats.subarray(0, length);
  fill(mask, rate, key);
  return Uint8Array.from(mask, (value) => (value === 0 ? 0 : 1));
}

/** Standard normal if the two are independent: the correlation of two 0/1 sequences, times √n. */
function correlation(a: Uint8Array, b: Uint8Array): number {
  const n = a.length;
  const mean = (x: Uint8Array): number => x.reduce((sum, bit) => sum + bit, 0) / n;
  const [meanA, meanB] = [mean(a), mean(b)];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a[i]! - meanA) * (b[i]! - meanB);
  return sum / Math.sqrt(n * meanA * (1 - meanA) * meanB * (1 - meanB));
}

/** (χ² - degrees of freedom) / √(2 · degrees of freedom): near standard normal for these many cells. */
function chiSquareScore(counts: readonly number[], expected: readonly number[]): number {
  const chi = counts.reduce(
    (sum, count, i) => sum + (count - (expected[i] ?? 0)) ** 2 / (expected[i] ?? 0),
    0,
  );
  return (chi - (counts.length - 1)) / Math.sqrt(2 * (counts.length - 1));
}

/** How often each run of eight kept bits occurs, and how often it should. */
function octets(bits: Uint8Array, rate: number): { counts: number[]; expected: number[] } {
  const counts = new Array<number>(256).fill(0);
  for (let i = 0; i + 8 <= bits.length; i += 8) {
    const octet = bits.subarray(i, i + 8).reduce((sum, bit) => sum * 2 + bit, 0);
    counts[octet] = (counts[octet] ?? 0) + 1;
  }
  const expected = counts.map((_, octet) => {
    const ones = octet.toString(2).replaceAll('0', '').length;
    return Math.floor(bits.length / 8) * (1 - rate) ** ones * rate ** (8 - ones);
  });
  return { counts, expected };
}

describe('dropout masks', () => {
  it('are the same bits in WebAssembly and in TypeScript, for every length and rate', () => {
    const guard = region.floats.subarray(40, 48);
    for (const rate of [0, 0.1, 0.5, 0.9, 0.999999]) {
      for (let length = 0; length <= 40; length++) {
        const key = dropoutKey({ ...place, step: length });
        guard.fill(-1);
        const mask = region.floats.subarray(0, length);
        fill(mask, rate, key);
        const reference = new Float32Array(length);
        referenceDropoutMask(reference, rate, key);
        expect(mask).toEqual(reference);
        expect(new Set(guard)).toEqual(new Set([-1]));
      }
    }
    const key = dropoutKey({ seed: 2 ** 52 + 12345, phase: 1, step: 99, place: 7 });
    fill(region.floats, 0.1, key);
    const reference = new Float32Array(LENGTH);
    referenceDropoutMask(reference, 0.1, key);
    expect(
      Buffer.from(region.floats.buffer, region.byteOffset, LENGTH * 4).equals(Buffer.from(reference.buffer)),
    ).toBe(true);
  });

  it.each([
    // Computed with Python's integers: a seed means these bits, in every version and on every machine.
    [[1, 0, 0, 0], [1586229844, 3629780649], '11001110101000011100100111110010', '1'.repeat(32)],
    [
      [999, 1, 250, 37],
      [704240700, 625905433],
      '10001111111110100010000110100111',
      '10011111111111101110100111111111',
    ],
    [
      [2 ** 52 + 5, 1, 2, 3],
      [3831748557, 371113528],
      '10001100011011000101110100101011',
      '11011101111111110111111111111111',
    ],
  ] as const)(
    'of %j are those that another implementation computes',
    ([seed, phase, step, at], key, half, tenth) => {
      expect(dropoutKey({ seed, phase, step, place: at })).toEqual(key);
      expect(kept(0.5, key, 32).join('')).toBe(half);
      expect(kept(0.1, key, 32).join('')).toBe(tenth);
    },
  );

  it('hold 0 and 1/(1 - rate), so that the mean of what passes is kept', () => {
    fill(region.floats, 0.2, dropoutKey(place));
    expect(new Set(region.floats)).toEqual(new Set([0, Math.fround(1.25)]));
    fill(region.floats, 0, dropoutKey(place));
    expect(new Set(region.floats)).toEqual(new Set([1]));
  });

  it.each([0.01, 0.1, 0.5, 0.9])('drop a share of %d', (rate) => {
    let sum = 0;
    let squares = 0;
    const runs = 50;
    for (let step = 0; step < runs; step++) {
      const bits = kept(rate, dropoutKey({ ...place, step }));
      const dropped = LENGTH - bits.reduce((total, bit) => total + bit, 0);
      const score = (dropped - LENGTH * rate) / Math.sqrt(LENGTH * rate * (1 - rate));
      sum += score;
      squares += score * score;
    }
    expect(Math.abs(sum) / Math.sqrt(runs)).toBeLessThan(4);
    // The shares scatter as independent draws do: neither more nor, as a stratified sequence would, less.
    expect(squares / runs).toBeGreaterThan(0.4);
    expect(squares / runs).toBeLessThan(2);
  });

  it('are independent between seeds, phases, steps, places and distances', () => {
    const base = kept(0.5, dropoutKey(place));
    const others = [1, 2, 3, 255, 65_536, 2 ** 31, 2 ** 32].flatMap((delta) =>
      (['seed', 'phase', 'step', 'place'] as const).map((name) => ({
        ...place,
        [name]: place[name] + delta,
      })),
    );
    const keys = new Set([place, ...others].map((other) => dropoutKey(other).join()));
    expect(keys.size).toBe(others.length + 1);
    const scores = others.map((other) => correlation(base, kept(0.5, dropoutKey(other))));
    for (let distance = 1; distance <= 64; distance++) {
      scores.push(correlation(base.subarray(distance), base.subarray(0, LENGTH - distance)));
    }
    for (const distance of [128, 256, 384, 768, 1024, 4096, 16_384]) {
      scores.push(correlation(base.subarray(distance), base.subarray(0, LENGTH - distance)));
    }
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(4.5);
    const meanSquare = scores.reduce((sum, score) => sum + score * score, 0) / scores.length;
    expect(meanSquare).toBeGreaterThan(0.6);
    expect(meanSquare).toBeLessThan(1.5);
  });

  it.each([0.5, 0.3])('show every pattern of eight neighbours as often as they should at rate %d', (rate) => {
    const scores = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => {
      const { counts, expected } = octets(kept(rate, dropoutKey({ ...place, step })), rate);
      return chiSquareScore(counts, expected);
    });
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(4.5);
  });

  it('are not shifted or permuted copies of one another, as keys without the second word would make them', () => {
    const a = dropoutKey(place);
    const index = 12;
    // Without the second word, the mask of key (k0 ^ 12) is the mask of k0 read at i ^ 12.
    const base = kept(0.5, a);
    const other = kept(0.5, [(a[0] ^ index) >>> 0, dropoutKey({ ...place, step: 1 })[1]]);
    const sameWord = kept(0.5, [(a[0] ^ index) >>> 0, a[1]]);
    const permuted = base.map((_, i) => base[i ^ index]!);
    expect(correlation(permuted, sameWord)).toBeCloseTo(Math.sqrt(LENGTH), 3);
    expect(Math.abs(correlation(permuted, other))).toBeLessThan(4.5);
  });

  it('refuse a rate that is none', () => {
    for (const rate of [1, -0.1, Number.NaN]) {
      expect(() => {
        fill(region.floats, rate, [1, 2]);
      }).toThrow(/dropout rate is at least 0 and below 1/);
    }
    expect(() => {
      fill(new Float32Array(4), 0.1, [1, 2]);
    }).toThrow(/outside its memory/);
  });
});
