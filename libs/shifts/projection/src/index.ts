export { bestPicture } from './best-of-starts.js';
export { affinitiesOf, divergenceOf } from './divergence.js';
export { principalComponents } from './pca.js';
export { project, PROJECTORS, type ProjectorName } from './project.js';
export { type ProjectorOptions, type VectorRows, type Watcher } from './projector.js';
export { projectionStage } from './stage.js';
