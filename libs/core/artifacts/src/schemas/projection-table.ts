/** The points of a picture with all that is known of their rows: what `plots.ts` and anyone else may draw. */
import { column, defineTable, nullableColumn } from '../arrow/schema.js';

export const projectionTable = defineTable({
  name: 'projection',
  version: 1,
  description: 'Embeddings of the rows of one split of a task as points of a plane, in their row order',
  columns: [
    column('x', 'float64', 'first coordinate'),
    column('y', 'float64', 'second coordinate'),
    column('index', 'int32', "the row's number in the task's source"),
    nullableColumn('cluster', 'int32', 'from 0; null where no clusters were given'),
    column('label', 'int32', 'position in the labels of the metadata'),
    nullableColumn('part', 'utf8', 'original, shifted or neither; null where no pair was given'),
    nullableColumn(
      'predicted',
      'int32',
      'the label that a model gave it; null where there is no prediction of it',
    ),
    column('text', 'utf8', 'the sentence, or the first of two'),
    nullableColumn('pair', 'utf8', 'the second sentence; null where there is none'),
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
