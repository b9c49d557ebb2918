/** What a model says of each dev row of a task: what training hands to whoever counts or draws its errors. */
import { column, defineTable } from '../arrow/schema.js';

export const predictionsTable = defineTable({
  name: 'predictions',
  version: 1,
  description: "What a head says of each row of a task's dev split.",
  metadataKeys: ['task', 'labels'],
  columns: [
    column('index', 'int32', "The row's number in its source."),
    column('label', 'int32', 'The right label, a position in the label names of the metadata.'),
    column('predicted', 'int32', 'The label with the highest logit.'),
    column('logits', 'fixed_size_list<float32>', 'Logits, one a label.'),
  ],
});
