/** Public face of `@layerwise/importance`. */
export { importanceOf, type Importance } from './importance.js';
export { intervalOf, type Interval } from './interval.js';
export { measuredBest } from './measured.js';
export type { ObservedTrials, Run } from './observed.js';
export { drawProcess } from './process-draws.js';
export { readObserved } from './read-observed.js';
export { sobolIndices } from './sobol-indices.js';
export { importanceChart } from './importance-figure.js';
export { importanceText } from './importance-text.js';
export { writeImportance } from './write-importance.js';
