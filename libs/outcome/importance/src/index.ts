/** Public face of `@layerwise/importance`. */
export { flatAgainstBest, type FlatAgainstBest } from './flat-against-best.js';
export {
  importanceOf,
  type GroupImportance,
  type Importance,
  type ImportanceSettings,
} from './importance.js';
export { intervalOf, type Interval } from './interval.js';
export { measuredBest, type MeasuredBest } from './measured.js';
export type { ObservedTrials, Run } from './observed.js';
export { drawProcess, type ProcessDraws } from './process-draws.js';
export { readObserved } from './read-observed.js';
export { sobolIndices, type SobolIndices } from './sobol-indices.js';
export { importanceChart } from './importance-figure.js';
export { importanceText } from './importance-text.js';
export { writeImportance } from './write-importance.js';
