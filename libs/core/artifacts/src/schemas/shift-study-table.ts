/** What shifts do to accuracy: the figures of a study of shifts, as it hands them to whoever reports them. */
import { column, defineTable, nullableColumn } from '../arrow/schema.js';

const SHARE = 'share of dev rows';

/** One row a figure. */
export const studyTable = defineTable({
  name: 'shift-study',
  version: 1,
  description:
    'Accuracies before and after a shift, with the baselines of D_s alone and both mixed, and percentile bootstrap intervals over dev rows',
  metadataKeys: ['level', 'resamples', 'seeds'],
  columns: [
    column('task', 'utf8', 'the task that was cut, or the two tasks'),
    column('kind', 'utf8', 'length, cluster or dataset'),
    column(
      'measure',
      'utf8',
      'before, after, after-shifted-head, shifted-alone, mixed, or the difference of two of them on the same rows',
    ),
    column('part', 'utf8', 'whose dev rows: original (D_o) or shifted (D_s)'),
    column('seeds', 'int32', 'runs that the figure is the mean of'),
    column('accuracy', 'float64', 'right answers, or a difference of two', SHARE),
    column('low', 'float64', 'lower end of the interval', SHARE),
    column('high', 'float64', 'upper end of the interval', SHARE),
    nullableColumn('sd', 'float64', 'standard deviation over seeds (n - 1); null for one seed', SHARE),
    column('n', 'int32', 'dev rows', 'rows'),
    column('majority', 'float64', 'of the commonest label among these dev rows', SHARE),
    column('trainRowsOriginal', 'int32', 'train rows of D_o', 'rows'),
    column('trainRowsShifted', 'int32', 'train rows of D_s', 'rows'),
    column('epochs', 'int32', 'passes over each training set'),
  ],
});
