/** Public face of `@layerwise/cluster-shift`. */
export { chosenClusters, type ChosenClusters, type ClusterChoice } from './chosen-clusters.js';
export { clusterShift, type ClusterShift, type ClusterShiftOptions } from './cluster-shift.js';
export { inertiaOf, type Clustering } from './clustering.js';
export { type Division, type Fit } from './divide.js';
export { initialRows, type Initialization } from './initial-centres.js';
export { kmeans, type KmeansOptions, type Method } from './kmeans.js';
export { centresAt, type Points } from './points.js';
export { silhouettes } from './silhouette.js';
export { type SilhouetteCurve } from './silhouette-curve.js';
export { clusterShiftStage } from './stage.js';
export { centresTable, silhouetteTable } from './tables.js';
