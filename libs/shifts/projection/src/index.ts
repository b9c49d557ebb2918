export { projectionTable } from '@layerwise/artifacts';
export { principalComponents } from './pca.js';
export { describeSettings, project, PROJECTORS, type ProjectorName } from './project.js';
export { type Projector, type ProjectorOptions, type VectorRows, type Watcher } from './projector.js';
export { PARTS, type Part } from './row-details.js';
export { sampleRows } from './sample-rows.js';
export { projectionStage } from './stage.js';
