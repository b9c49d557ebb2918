/** Public face of `@layerwise/shift-summary`. */
export { classifyParts, testSplit } from './compare.js';
export { vectorsOfParts } from './part-vectors.js';
export { reading } from './reading.js';
export { shiftSummaryStage } from './stage.js';
