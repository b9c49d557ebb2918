/** Public face of `@layerwise/shift-summary`. */
export {
  classifyParts,
  testSplit,
  type CompareOptions,
  type HeldOut,
  type SampleTest,
  type ClassifierResult,
} from './compare.js';
export { vectorsOfParts, type EmbeddingFolder, type PartVectors } from './part-vectors.js';
export { reading } from './reading.js';
export { type Estimate, type Separability } from './separability.js';
export { shiftSummaryStage } from './stage.js';
export { permutationTable, scoreTable, shiftSummaryTable } from './tables.js';
