/**
 * Seeded normal noise, of random weights and of perturbations. The generator is pure-rand's Mersenne twister,
 * because its xoroshiro starts near 1.0 for every small seed.
 */
import { normalPair } from '@layerwise/statistics';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/** N(0, σ²) for every entry of `target`, a function of the seed and the length. */
export function fillNormal(target: Float32Array, deviation: number, seed: number): void {
  const generator = mersenne(seed);
  const uniform = (): number => uniformFloat64(generator);
  for (let i = 0; i < target.length; i += 2) {
    const [first, second] = normalPair(uniform, deviation);
    target[i] = first;
    if (i + 1 < target.length) target[i + 1] = second;
  }
}
