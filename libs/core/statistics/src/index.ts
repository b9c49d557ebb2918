/** Public face of `@layerwise/statistics`. */
export {
  bootstrapMeans,
  middleOf,
  resampledMeans,
  type BootstrapOptions,
  type Interval,
} from './bootstrap.js';
export { criticalDifference, friedman } from './friedman.js';
export { meanOf, medianOf, varianceOf } from './moments.js';
export { normalPair } from './normal.js';
export { mcnemar } from './mcnemar.js';
export { quantilesOf } from './quantiles.js';
export { mixedSeed, textHash, textSeed } from './seeds.js';
export { meanInterval, studentQuantile } from './student.js';
