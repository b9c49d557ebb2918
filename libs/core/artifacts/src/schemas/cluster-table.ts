/** The cluster of each row of a task: what a clustering hands to whoever divides or draws the task by it. */
import { column, defineTable } from '../arrow/schema.js';

export const clusterTable = defineTable({
  name: 'clusters',
  version: 1,
  description: 'The cluster of every row of a task: the train rows in their order, then the dev rows',
  columns: [
    column('split', 'utf8', 'train or dev'),
    column('index', 'int32', "the row's number in the task's source"),
    column('cluster', 'int32', 'from 0'),
  ],
  metadataKeys: ['task', 'k'],
});
