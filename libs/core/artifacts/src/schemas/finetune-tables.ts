/** What a fine-tuning run came to and how it went, step by step: for whoever compares or draws runs. */
import { column, defineTable, nullableColumn } from '../arrow/schema.js';

const ACCURACY = 'share of dev rows';

/** One row: what the run came to. Accuracies are null where training diverged before they were measured. */
export const resultsTable = defineTable({
  name: 'finetune-results',
  version: 2,
  description:
    'Accuracies of one run of the sequential protocol: train on the original task, then on the shifted one.',
  metadataKeys: ['grouping'],
  columns: [
    column('original', 'utf8', 'Name of the first task, D_o.'),
    column('shifted', 'utf8', 'Name of the second task, D_s.'),
    column('method', 'utf8', 'Name of the method; plain: the rates as given and nothing else.'),
    column('status', 'utf8', 'complete, or diverged: a loss or logit was not a finite number.'),
    nullableColumn(
      'accuracyOriginalBefore',
      'float64',
      'On the original task, after training on it alone.',
      ACCURACY,
    ),
    nullableColumn('accuracyShifted', 'float64', 'p_s: on the shifted task, at the end.', ACCURACY),
    nullableColumn('accuracyOriginal', 'float64', 'p_o: on the original task, at the end.', ACCURACY),
    nullableColumn('reward', 'float64', 'p = p_o + p_s.'),
    column(
      'rates',
      'list<float64>',
      'Learning rate of every layer group; NaN for a group without tensors. The grouping is in the metadata.',
    ),
    column('trainRowsOriginal', 'int32', 'Training rows of the original task.', 'rows'),
    column('trainRowsShifted', 'int32', 'Training rows of the shifted task.', 'rows'),
    column('devRowsOriginal', 'int32', 'Dev rows of the original task.', 'rows'),
    column('devRowsShifted', 'int32', 'Dev rows of the shifted task.', 'rows'),
    column('stepsOriginal', 'int32', 'Steps taken in the first phase.', 'steps'),
    column('stepsShifted', 'int32', 'Steps taken in the second phase.', 'steps'),
    column(
      'secondsOriginal',
      'float64',
      'Training time of the first phase, building its session included.',
      's',
    ),
    column('secondsShifted', 'float64', 'Training time of the second phase, likewise.', 's'),
    column('secondsEvaluation', 'float64', 'All three evaluations, building their sessions included.', 's'),
    column('peakMemoryMb', 'float64', 'Largest resident memory of the process.', 'MiB'),
    nullableColumn('divergedIn', 'utf8', 'Phase in which training diverged: original or shifted.'),
    nullableColumn('divergedAtStep', 'int32', 'Step of its phase at which training diverged, from 0.'),
  ],
});

/** One row a step. */
export const historyTable = defineTable({
  name: 'finetune-history',
  version: 1,
  description: 'Training, step by step.',
  metadataKeys: ['grouping'],
  columns: [
    column('phase', 'utf8', 'original or shifted.'),
    column('step', 'int32', 'Step of the phase, from 0.'),
    column('loss', 'float32', "Mean cross-entropy of the step's texts before its update."),
    column(
      'rates',
      'list<float64>',
      'Rate of every group at this step; NaN for one without tensors or not yet unfrozen.',
    ),
    column('tokens', 'int32', 'Tokens of the step, special ones included.', 'tokens'),
    column('seconds', 'float64', 'What the step took, batching included.', 's'),
  ],
});

/** How far something moved: a measure at a place. */
export const DRIFT_COLUMNS = [
  column('measure', 'utf8', 'weight-change (‖θ − θ₀‖ / ‖θ₀‖) or cka (1: unchanged)'),
  column('place', 'utf8', 'name of the layer group, or of the layer'),
  column('order', 'int32', 'of the place, from the embeddings up'),
  nullableColumn('value', 'float64', 'of the measure'),
] as const;

/** How far a run moved its encoder, where that was asked for. */
export const runDriftTable = defineTable({
  name: 'finetune-drift',
  version: 1,
  description: 'One row a phase and layer group (weights), and one a layer (representations).',
  columns: [
    column('phase', 'utf8', 'original or shifted'),
    ...DRIFT_COLUMNS,
    nullableColumn('reason', 'utf8', 'why the value is null'),
  ],
});
