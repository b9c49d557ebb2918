/** Random search: every proposal even over the unit cube, whatever was seen. Bergstra and Bengio (2012). */
import { randomStream } from './random-stream.js';
import type { Sampler } from './sampler.js';

export const randomSampler: Sampler = (_history, { space, seed, trial }) => {
  const { uniform } = randomStream(seed, trial, 'random');
  return { unit: space.parameters.map(uniform), origin: 'random' };
};
