/**
 * What a model says of each row of a task's dev split: what training hands to whoever counts or draws its
 * errors.
 */
import { defineTable } from '../arrow/schema.js';

export const predictionsTable = defineTable({
  name: 'predictions',
  version: 1,
  description: "What a head says of each row of a task's dev split.",
  metadataKeys: ['task', 'labels'],
  columns: [
    { name: 'index', type: 'int32', description: "The row's number in its source." },
    {
      name: 'label',
      type: 'int32',
      description: 'The right label, a position in the label names of the metadata.',
    },
    { name: 'predicted', type: 'int32', description: 'The label with the highest logit.' },
    { name: 'logits', type: 'fixed_size_list<float32>', description: 'Logits, one a label.' },
  ],
});
