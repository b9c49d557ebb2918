/** Seeds must never change: every recorded run follows from them. */
import { expect, it } from 'vitest';
import { mixedSeed, textHash, textSeed } from './index.js';

it('the hash of a text is FNV-1a', () => {
  // The published value for "foobar", of ASCII letters, whose UTF-16 units are their bytes.
  expect(textHash('foobar') >>> 0).toBe(0xbf9cf968);
  expect(textHash('') >>> 0).toBe(0x811c9dc5);
});

it('seeds of texts and of numbers are what they have always been', () => {
  expect(textSeed('1 permutations')).toBe(-213559312);
  expect(mixedSeed([1, 2, 3])).toBe(378168545);
  expect(mixedSeed([0])).toBe(1070876510);
  expect(mixedSeed([2 ** 40 + 5, -1])).toBe(188615791);
});

it('neighbours share nothing', () => {
  const seeds = Array.from({ length: 1000 }, (_, i) => mixedSeed([7, i]));
  expect(new Set(seeds).size).toBe(1000);
  const flipped = seeds.slice(1).map((seed, i) => ones(seed ^ seeds[i]!));
  const mean = flipped.reduce((sum, bits) => sum + bits, 0) / flipped.length;
  expect(Math.abs(mean - 16)).toBeLessThan(0.5);
});

function ones(bits: number): number {
  return (bits >>> 0).toString(2).replaceAll('0', '').length;
}
