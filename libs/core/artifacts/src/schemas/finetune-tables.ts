/**
 * What a fine-tuning run came to and how its training went, step by step: what training hands to whoever
 * compares or draws runs.
 */
import { defineTable } from '../arrow/schema.js';

const ACCURACY = 'share of dev rows';

/**
 * One row: what the run came to. Accuracies are null where training diverged before they could be measured.
 */
export const resultsTable = defineTable({
  name: 'finetune-results',
  version: 2,
  description:
    'Accuracies of one run of the sequential protocol: train on the original task, then on the shifted one.',
  metadataKeys: ['grouping'],
  columns: [
    { name: 'original', type: 'utf8', description: 'Name of the first task, D_o.' },
    { name: 'shifted', type: 'utf8', description: 'Name of the second task, D_s.' },
    {
      name: 'method',
      type: 'utf8',
      description: 'Name of the method; plain: the rates as given and nothing else.',
    },
    {
      name: 'status',
      type: 'utf8',
      description: 'complete, or diverged: a loss or logit was not a finite number.',
    },
    {
      name: 'accuracyOriginalBefore',
      type: 'float64',
      unit: ACCURACY,
      nullable: true,
      description: 'On the original task, after training on it alone.',
    },
    {
      name: 'accuracyShifted',
      type: 'float64',
      unit: ACCURACY,
      nullable: true,
      description: 'p_s: on the shifted task, at the end.',
    },
    {
      name: 'accuracyOriginal',
      type: 'float64',
      unit: ACCURACY,
      nullable: true,
      description: 'p_o: on the original task, at the end.',
    },
    { name: 'reward', type: 'float64', nullable: true, description: 'p = p_o + p_s.' },
    {
      name: 'rates',
      type: 'list<float64>',
      description:
        'Learning rate of every layer group; NaN for a group without tensors. The grouping is in the metadata.',
    },
    {
      name: 'trainRowsOriginal',
      type: 'int32',
      unit: 'rows',
      description: 'Training rows of the original task.',
    },
    {
      name: 'trainRowsShifted',
      type: 'int32',
      unit: 'rows',
      description: 'Training rows of the shifted task.',
    },
    { name: 'devRowsOriginal', type: 'int32', unit: 'rows', description: 'Dev rows of the original task.' },
    { name: 'devRowsShifted', type: 'int32', unit: 'rows', description: 'Dev rows of the shifted task.' },
    { name: 'stepsOriginal', type: 'int32', unit: 'steps', description: 'Steps taken in the first phase.' },
    { name: 'stepsShifted', type: 'int32', unit: 'steps', description: 'Steps taken in the second phase.' },
    {
      name: 'secondsOriginal',
      type: 'float64',
      unit: 's',
      description: 'Training time of the first phase, building its session included.',
    },
    {
      name: 'secondsShifted',
      type: 'float64',
      unit: 's',
      description: 'Training time of the second phase, likewise.',
    },
    {
      name: 'secondsEvaluation',
      type: 'float64',
      unit: 's',
      description: 'All three evaluations, building their sessions included.',
    },
    {
      name: 'peakMemoryMb',
      type: 'float64',
      unit: 'MiB',
      description: 'Largest resident memory of the process.',
    },
    {
      name: 'divergedIn',
      type: 'utf8',
      nullable: true,
      description: 'Phase in which training diverged: original or shifted.',
    },
    {
      name: 'divergedAtStep',
      type: 'int32',
      nullable: true,
      description: 'Step of its phase at which training diverged, from 0.',
    },
  ],
});

/** One row a step. */
export const historyTable = defineTable({
  name: 'finetune-history',
  version: 1,
  description: 'Training, step by step.',
  metadataKeys: ['grouping'],
  columns: [
    { name: 'phase', type: 'utf8', description: 'original or shifted.' },
    { name: 'step', type: 'int32', description: 'Step of the phase, from 0.' },
    {
      name: 'loss',
      type: 'float32',
      description: "Mean cross-entropy of the step's texts before its update.",
    },
    {
      name: 'rates',
      type: 'list<float64>',
      description: 'Rate of every group at this step; NaN for one without tensors or not yet unfrozen.',
    },
    {
      name: 'tokens',
      type: 'int32',
      unit: 'tokens',
      description: 'Tokens of the step, special ones included.',
    },
    { name: 'seconds', type: 'float64', unit: 's', description: 'What the step took, batching included.' },
  ],
});

/** How far a run moved its encoder, where that was asked for. */
export const runDriftTable = defineTable({
  name: 'finetune-drift',
  version: 1,
  description: 'One row a phase and layer group (weights), and one a layer (representations).',
  columns: [
    { name: 'phase', type: 'utf8', description: 'original or shifted' },
    { name: 'measure', type: 'utf8', description: 'weight-change (‖θ − θ₀‖ / ‖θ₀‖) or cka (1: unchanged)' },
    { name: 'place', type: 'utf8', description: 'name of the layer group, or of the layer' },
    { name: 'order', type: 'int32', description: 'of the place, from the embeddings up' },
    { name: 'value', type: 'float64', nullable: true, description: 'of the measure' },
    { name: 'reason', type: 'utf8', nullable: true, description: 'why the value is null' },
  ],
});
