/**
 * The points of a picture with all that is known of their rows: what `plots.ts` draws, and anyone else may.
 */
import { defineTable } from '../arrow/schema.js';

export const projectionTable = defineTable({
  name: 'projection',
  version: 1,
  description: 'Embeddings of the rows of one split of a task as points of a plane, in their row order',
  columns: [
    { name: 'x', type: 'float64', description: 'first coordinate' },
    { name: 'y', type: 'float64', description: 'second coordinate' },
    { name: 'index', type: 'int32', description: "the row's number in the task's source" },
    {
      name: 'cluster',
      type: 'int32',
      nullable: true,
      description: 'from 0; null where no clusters were given',
    },
    { name: 'label', type: 'int32', description: 'position in the labels of the metadata' },
    {
      name: 'part',
      type: 'utf8',
      nullable: true,
      description: 'original, shifted or neither; null where no pair was given',
    },
    {
      name: 'predicted',
      type: 'int32',
      nullable: true,
      description: 'the label that a model gave it; null where there is no prediction of it',
    },
    { name: 'text', type: 'utf8', description: 'the sentence, or the first of two' },
    {
      name: 'pair',
      type: 'utf8',
      nullable: true,
      description: 'the second sentence; null where there is none',
    },
  ],
  metadataKeys: [
    'task',
    'split',
    'labels',
    'encoder',
    'pooling',
    'projector',
    'settings',
    'seed',
    'splitRows',
  ],
});
