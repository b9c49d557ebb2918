/**
 * Sobol points with random scrambling: points that fill the unit cube evenly, for the start of a search and
 * for candidates.
 *
 * The digits of every coordinate are scrambled as Owen (1995) does it, each digit flipped by a coin that
 * depends on all digits above it, which keeps the sequence's evenness (of its first 2^k points each lies in a
 * slice of its own of width 2^-k, in every coordinate) and frees it from its pattern: unscrambled, and
 * shifted at random as well, its first points lie on few diagonals of a cube of ten dimensions. The coins
 * come from a hash, Burley (2020), "Practical Hash-based Owen Scrambling". The zero vector becomes a point
 * like any other; to leave it out would cost the evenness (Owen 2020).
 *
 * The package `sobol` (Joe and Kuo's direction numbers) computes in 20 bits: 2^20 points, then it repeats
 * itself.
 */
import { SobolSequenceGenerator } from 'sobol';
import { keyedSeed } from './random-stream.js';

const MOST_POINTS = 2 ** 20;

/**
 * @param d dimensions, 1 … 21201
 * @param count points, at most 2^20; fewer points with the same seed are the beginning of more
 * @returns [count][d], each coordinate in [0, 1)
 */
export function sobolPoints(d: number, count: number, seed: number): Float64Array[] {
  const keys = Int32Array.from({ length: d }, (_, j) => keyedSeed(seed, j, 'sobol'));
  return unscrambledPoints(d, count).map((point) =>
    // A point's 20 binary digits are the highest of 32; reversed, each depends on those that were above it.
    Float64Array.from(point, (u, j) => {
      return reverseBits(laineKarras(reverseBits((u * 2 ** 32) >>> 0), keys[j]!)) / 2 ** 32;
    }),
  );
}

/** The sequence itself, from the zero vector on: [count][d]. */
export function unscrambledPoints(d: number, count: number): number[][] {
  if (count > MOST_POINTS) throw new RangeError(`${count} Sobol points, but only ${MOST_POINTS} differ`);
  const generator = new SobolSequenceGenerator(d);
  return Array.from({ length: count }, () => generator.nextVector());
}

/** Every bit flipped by a hash of the key and the bits below it; constants from Burley (2020), section 3. */
function laineKarras(bits: number, key: number): number {
  let x = (bits + key) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52 | 0);
  x ^= Math.imul(x, 0xc7afe638 | 0);
  x ^= Math.imul(x, 0x8d22f6e6 | 0);
  return x >>> 0;
}

function reverseBits(x: number): number {
  let y = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  y = ((y >>> 2) & 0x33333333) | ((y & 0x33333333) << 2);
  y = ((y >>> 4) & 0x0f0f0f0f) | ((y & 0x0f0f0f0f) << 4);
  y = ((y >>> 8) & 0x00ff00ff) | ((y & 0x00ff00ff) << 8);
  return ((y >>> 16) | (y << 16)) >>> 0;
}
