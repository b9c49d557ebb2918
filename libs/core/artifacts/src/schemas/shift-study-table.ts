/** What shifts do to accuracy: the figures of a study of shifts, as it hands them to whoever reports them. */
import { defineTable } from '../arrow/schema.js';

const SHARE = 'share of dev rows';

/** One row a figure. */
export const studyTable = defineTable({
  name: 'shift-study',
  version: 1,
  description:
    'Accuracies before and after a shift, with the baselines of D_s alone and both mixed, and percentile bootstrap intervals over dev rows',
  metadataKeys: ['level', 'resamples', 'seeds'],
  columns: [
    { name: 'task', type: 'utf8', description: 'the task that was cut, or the two tasks' },
    { name: 'kind', type: 'utf8', description: 'length, cluster or dataset' },
    {
      name: 'measure',
      type: 'utf8',
      description:
        'before, after, after-shifted-head, shifted-alone, mixed, or the difference of two of them on the same rows',
    },
    { name: 'part', type: 'utf8', description: 'whose dev rows: original (D_o) or shifted (D_s)' },
    { name: 'seeds', type: 'int32', description: 'runs that the figure is the mean of' },
    { name: 'accuracy', type: 'float64', unit: SHARE, description: 'right answers, or a difference of two' },
    { name: 'low', type: 'float64', unit: SHARE, description: 'lower end of the interval' },
    { name: 'high', type: 'float64', unit: SHARE, description: 'upper end of the interval' },
    {
      name: 'sd',
      type: 'float64',
      unit: SHARE,
      nullable: true,
      description: 'standard deviation over seeds (n - 1); null for one seed',
    },
    { name: 'n', type: 'int32', unit: 'rows', description: 'dev rows' },
    {
      name: 'majority',
      type: 'float64',
      unit: SHARE,
      description: 'of the commonest label among these dev rows',
    },
    { name: 'trainRowsOriginal', type: 'int32', unit: 'rows', description: 'train rows of D_o' },
    { name: 'trainRowsShifted', type: 'int32', unit: 'rows', description: 'train rows of D_s' },
    { name: 'epochs', type: 'int32', description: 'passes over each training set' },
  ],
});
