/** Public face of `@layerwise/cluster-shift`. */
export { chosenClusters } from './chosen-clusters.js';
export { clusterShift } from './cluster-shift.js';
export { inertiaOf } from './clustering.js';
export { bestOfStarts, drawStarts } from './best-of-starts.js';
export { initialRows } from './initial-centres.js';
export { kmeans, type Method } from './kmeans.js';
export { centresAt, type Points } from './points.js';
export { silhouettes } from './silhouette.js';
export { clusterShiftStage } from './stage.js';
