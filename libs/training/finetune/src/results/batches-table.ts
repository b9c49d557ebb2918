/** `batches.arrow` as a schema; those of a run's other tables, which more than it reads, are in artifacts. */
import { defineTable } from '@layerwise/artifacts';

/** One row a step: which texts it saw. */
export const batchesTable = defineTable({
  name: 'finetune-batches',
  version: 2,
  description: 'The training rows of every step, in their order within the batch.',
  columns: [
    { name: 'phase', type: 'utf8', description: 'original or shifted.' },
    { name: 'step', type: 'int32', description: 'Step of the phase, from 0.' },
    { name: 'rows', type: 'list<int32>', description: 'Positions in the training split as it was used.' },
    {
      name: 'replayed',
      type: 'list<int32>',
      description: "Positions in the original task's, of its rows that were mixed into the second phase.",
    },
  ],
});
