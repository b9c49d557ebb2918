/** What `cluster-shift` writes beside the pair (and `clusters.arrow`, whose table is the artifacts' own). */
import { defineTable } from '@layerwise/artifacts';

export const centresTable = defineTable({
  name: 'cluster-centres',
  version: 1,
  description:
    'The centres of K-means, a row for each cluster of each fit; the clusters are numbered by size',
  columns: [
    {
      name: 'fittedOn',
      type: 'utf8',
      description: 'the rows whose means the centres are: train, dev or both',
    },
    { name: 'cluster', type: 'int32', description: 'from 0' },
    { name: 'trainRows', type: 'int32', unit: 'rows', description: 'train rows in the cluster' },
    { name: 'devRows', type: 'int32', unit: 'rows', description: 'dev rows in the cluster' },
    { name: 'vector', type: 'fixed_size_list<float32>', description: 'the centre, rounded to float32' },
  ],
  metadataKeys: ['task', 'encoder', 'pooling', 'k', 'seed', 'fit'],
});

export const silhouetteTable = defineTable({
  name: 'silhouette',
  version: 1,
  description: 'K-means of the same rows at several numbers of clusters, from the same initial centres on',
  columns: [
    { name: 'k', type: 'int32', description: 'number of clusters' },
    {
      name: 'silhouette',
      type: 'float64',
      nullable: true,
      description: 'mean silhouette (Euclidean) of the sample; null where all of it is in one cluster',
    },
    {
      name: 'inertia',
      type: 'float64',
      description: 'sum of squared distances of all rows to their centres',
    },
    { name: 'iterations', type: 'int32', description: 'iterations of K-means' },
  ],
  metadataKeys: ['task', 'k', 'seed', 'rows', 'sampleRows'],
});
