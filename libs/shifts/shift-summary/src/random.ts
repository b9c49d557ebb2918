/**
 * Seeded choices. Every use draws from a stream of its own, a function of (seed, purpose), so that more draws
 * of one use change nothing of another.
 */
import { drawSubset, type Draw } from '@layerwise/pairs';
import { textSeed } from '@layerwise/statistics';
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

/** A stream of draws; `purpose` says for people and machine what it is for. */
export function drawsFor(seed: number, purpose: string): Draw {
  const generator = mersenne(textSeed(`${seed} ${purpose}`));
  return (count) => uniformInt(generator, 0, count - 1);
}

/** A new subset of `size` of 0 … count − 1, ascending. */
export function subsetOf(draw: Draw, count: number, size: number): Int32Array {
  const subset = new Int32Array(size);
  drawSubset(draw, count, subset);
  return subset;
}

/** The numbers of 0 … count − 1 that `subset` lacks, ascending. */
export function withoutSubset(count: number, subset: Int32Array): Int32Array {
  const rest = new Int32Array(count - subset.length);
  for (let candidate = 0, next = 0, kept = 0; candidate < count; candidate++)
    if (subset[next] === candidate) next++;
    else rest[kept++] = candidate;
  return rest;
}
