/** What `cluster-shift` writes beside the pair (and `clusters.arrow`, whose table is the artifacts' own). */
import { column, defineTable, nullableColumn } from '@layerwise/artifacts';

export const centresTable = defineTable({
  name: 'cluster-centres',
  version: 1,
  description:
    'The centres of K-means, a row for each cluster of each fit; the clusters are numbered by size',
  columns: [
    column('fittedOn', 'utf8', 'the rows whose means the centres are: train, dev or both'),
    column('cluster', 'int32', 'from 0'),
    column('trainRows', 'int32', 'train rows in the cluster', 'rows'),
    column('devRows', 'int32', 'dev rows in the cluster', 'rows'),
    column('vector', 'fixed_size_list<float32>', 'the centre, rounded to float32'),
  ],
  metadataKeys: ['task', 'encoder', 'pooling', 'k', 'seed', 'fit'],
});

export const silhouetteTable = defineTable({
  name: 'silhouette',
  version: 1,
  description: 'K-means of the same rows at several numbers of clusters, the best of several starts',
  columns: [
    column('k', 'int32', 'number of clusters'),
    nullableColumn(
      'silhouette',
      'float64',
      'mean silhouette (Euclidean) of the sample; null where all of it is in one cluster',
    ),
    column('inertia', 'float64', 'sum of squared distances of all rows to their centres'),
    column('iterations', 'int32', 'iterations of K-means'),
  ],
  metadataKeys: ['task', 'k', 'seed', 'rows', 'sampleRows'],
});
