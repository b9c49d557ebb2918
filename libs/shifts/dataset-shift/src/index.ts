/** Public face of `@layerwise/dataset-shift`. */
export { datasetShift } from './dataset-shift.js';
export { datasetShiftStage } from './stage.js';
