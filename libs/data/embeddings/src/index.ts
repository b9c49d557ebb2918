/** Public face of `@layerwise/embeddings`. */
export { embedTask, type EmbedTaskOptions } from './embed-task.js';
export { embedStage } from './stage.js';
export { scaleToLengthOne } from './unit-vectors.js';
