/**
 * Random numbers that depend on what they are for and on nothing else: a stream is keyed by the study's seed,
 * the trial and a purpose, so that neither the number of workers nor the order of their results changes a
 * draw.
 *
 * The key goes through SHA-256, so that neighbouring seeds and trials have nothing in common; the generator
 * is pure-rand's Mersenne twister.
 */
import { createHash } from 'node:crypto';
import { normalPair } from '@layerwise/statistics';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface RandomStream {
  /** The next number, even over [0, 1). */
  readonly uniform: () => number;
  /** The next number with mean 0 and standard deviation 1. */
  readonly normal: () => number;
}

/** The stream of a purpose (a plain name) within a trial of a study; the same key gives the same numbers. */
export function randomStream(seed: number, trial: number, purpose: string): RandomStream {
  const generator = mersenne(keyedSeed(seed, trial, purpose));
  const uniform = (): number => uniformFloat64(generator);
  return { uniform, normal: () => normalPair(uniform)[0] };
}

/** A whole number from 0 to 2³¹ − 1, keyed in the same way: a seed for what has a generator of its own. */
export function keyedSeed(seed: number, trial: number, purpose: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, trial, purpose]))
    .digest();
  return digest.readUInt32LE(0) >>> 1;
}
