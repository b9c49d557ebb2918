/**
 * Where the search for the greatest expected improvement begins: places that fill the cube, and steps of
 * several sizes from the best places seen, in a few coordinates or in all.
 */
import { keyedSeed, randomStream } from './random-stream.js';
import { sobolPoints } from './sobol-sequence.js';

const EVEN = 256;
const STEPS = [0.2, 0.05, 0.01];
const EACH = 16;

/** Places [d] of the unit cube, around the places `best` [d] and everywhere. */
export function candidatePlaces(
  d: number,
  best: readonly (readonly number[])[],
  seed: number,
  trial: number,
): number[][] {
  const { uniform, normal } = randomStream(seed, trial, 'gp');
  const places = sobolPoints(d, EVEN, keyedSeed(seed, trial, 'gp-candidates')).map((point) => [...point]);
  for (const place of best) {
    for (const step of STEPS) {
      for (let k = 0; k < EACH; k++) {
        const share = k % 2 === 0 ? 1 : Math.max(1 / d, 0.3);
        const forced = Math.floor(uniform() * d);
        places.push(
          place.map((value, i) => {
            const moves = uniform() < share || i === forced;
            const moved = value + step * normal();
            return moves ? Math.min(1, Math.max(0, moved)) : value;
          }),
        );
      }
    }
  }
  return places;
}
