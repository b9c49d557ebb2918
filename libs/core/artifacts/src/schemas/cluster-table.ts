/**
 * Which cluster each row of a task is in: what a clustering hands to whoever divides or draws the task by it.
 */
import { defineTable } from '../arrow/schema.js';

export const clusterTable = defineTable({
  name: 'clusters',
  version: 1,
  description: 'The cluster of every row of a task: the train rows in their order, then the dev rows',
  columns: [
    { name: 'split', type: 'utf8', description: 'train or dev' },
    { name: 'index', type: 'int32', description: "the row's number in the task's source" },
    { name: 'cluster', type: 'int32', description: 'from 0' },
  ],
  metadataKeys: ['task', 'k'],
});
