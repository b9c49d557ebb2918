/** Public face of `@layerwise/embeddings`. */
export { embedTask, type EmbeddedTask, type EmbedTaskOptions } from './embed-task.js';
export type { EmbedderOptions } from './embedder.js';
export { embedStage } from './stage.js';
export { scaleToLengthOne } from './unit-vectors.js';
