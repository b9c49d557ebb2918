/**
 * What an evaluation of methods × pairs × seeds leaves: the runs with their measures, means over seeds,
 * comparisons of two methods, how far weights and representations moved, dev texts whose answer changed, and
 * for longer sequences the matrix of accuracies. The evaluation writes them, the report reads them. A value
 * that cannot be had is null, and its reason stands beside it.
 */
import { defineTable } from '../arrow/schema.js';

const METHOD = { name: 'method', type: 'utf8', description: 'name of the method' } as const;
const PAIR = { name: 'pair', type: 'utf8', description: 'name of the pair: ORIGINAL → SHIFTED' } as const;
const SEED = { name: 'seed', type: 'int32', description: "of the run's heads, batches and dropout" } as const;
const REASON = {
  name: 'reason',
  type: 'utf8',
  nullable: true,
  description: 'why the value is null; null where there is one',
} as const;

const measure = <const Name extends string>(name: Name, description: string) =>
  ({ name, type: 'float64', nullable: true, description }) as const;

export const evaluationTable = defineTable({
  name: 'evaluation',
  version: 1,
  description: 'One row a run: a method on a pair with a seed.',
  metadataKeys: ['encoder'],
  columns: [
    METHOD,
    PAIR,
    { name: 'original', type: 'utf8', description: 'name of D_o' },
    { name: 'shifted', type: 'utf8', description: 'name of D_s' },
    SEED,
    { name: 'status', type: 'utf8', description: 'complete, diverged or failed' },
    measure('accuracy_original_before', 'on D_o after phase 1'),
    measure('accuracy_original', 'p_o: on D_o after phase 2'),
    measure('accuracy_shifted', 'p_s: on D_s after phase 2'),
    measure('reward', 'p = p_o + p_s'),
    measure('forgetting', 'p_o before phase 2 less p_o after it'),
    measure('backward_transfer', 'p_o after phase 2 less p_o before it'),
    measure('intransigence', 'accuracy on D_s of D_s trained alone (same seed) less p_s'),
    { name: 'reasons', type: 'utf8', description: 'JSON object: name of a measure that is null → why' },
    {
      name: 'rates',
      type: 'list<float64>',
      description: 'of each layer group; NaN where it holds no tensor',
    },
    { name: 'steps', type: 'int32', description: 'training steps of all phases' },
    { name: 'seconds', type: 'float64', description: 'of training and evaluation' },
    { name: 'folder', type: 'utf8', description: "the run's folder, below the evaluation's" },
  ],
});

export const summaryTable = defineTable({
  name: 'method-summary',
  version: 1,
  description: 'One row a method, pair and measure: mean over seeds with its interval.',
  metadataKeys: [],
  columns: [
    METHOD,
    PAIR,
    { name: 'measure', type: 'utf8', description: 'a column of evaluation.arrow' },
    measure('mean', 'over the seeds'),
    measure('low', '95 % interval of the mean over seeds'),
    measure('high', '95 % interval of the mean over seeds'),
    { name: 'seeds', type: 'int32', description: 'that have a value' },
    REASON,
  ],
});

export const comparisonsTable = defineTable({
  name: 'comparisons',
  version: 1,
  description: 'One row a pair, measure and two methods, on the same dev rows and seeds.',
  metadataKeys: [],
  columns: [
    PAIR,
    METHOD,
    { name: 'against', type: 'utf8', description: 'the method that it is compared with' },
    { name: 'measure', type: 'utf8', description: 'accuracy_original, accuracy_shifted or reward' },
    measure('difference', 'mean of method less mean of against'),
    measure('low', 'paired bootstrap over dev rows and seeds, 95 %'),
    measure('high', 'paired bootstrap over dev rows and seeds, 95 %'),
    measure('mcnemar', 'p of the exact McNemar test on dev answers of the first seed; null for rewards'),
    { name: 'rows', type: 'int32', description: 'dev rows compared' },
    { name: 'seeds', type: 'int32', description: 'that both have' },
    REASON,
  ],
});

export const driftTable = defineTable({
  name: 'drift',
  version: 1,
  description: 'How far a run moved: weights by layer group and phase, representations by layer.',
  metadataKeys: [],
  columns: [
    METHOD,
    PAIR,
    SEED,
    { name: 'phase', type: 'utf8', description: 'original, shifted' },
    { name: 'measure', type: 'utf8', description: 'weight-change (‖θ − θ₀‖ / ‖θ₀‖) or cka (1: unchanged)' },
    { name: 'place', type: 'utf8', description: 'name of the layer group, or of the layer' },
    { name: 'order', type: 'int32', description: 'of the place, from the embeddings up' },
    measure('value', 'of the measure'),
    REASON,
  ],
});

export const flipsTable = defineTable({
  name: 'flips',
  version: 1,
  description: "Texts of D_o's dev split whose answer changed between right and wrong in phase 2.",
  metadataKeys: [],
  columns: [
    METHOD,
    PAIR,
    SEED,
    { name: 'index', type: 'int32', description: "the row's number in its source" },
    { name: 'text', type: 'utf8', description: 'the text' },
    { name: 'text_pair', type: 'utf8', nullable: true, description: 'its second text' },
    { name: 'label', type: 'utf8', description: 'the right one' },
    { name: 'before', type: 'utf8', description: 'the answer after phase 1' },
    { name: 'after', type: 'utf8', description: 'the answer after phase 2' },
  ],
});

export const accuracyMatrixTable = defineTable({
  name: 'accuracy-matrix',
  version: 1,
  description: 'Accuracy on every task of a sequence after each of its phases.',
  metadataKeys: [],
  columns: [
    METHOD,
    { name: 'sequence', type: 'utf8', description: 'names of the tasks in order, joined by →' },
    SEED,
    { name: 'phase', type: 'int32', description: 'phases trained, from 1' },
    { name: 'task', type: 'utf8', description: 'the task that is asked' },
    { name: 'order', type: 'int32', description: 'of that task in the sequence, from 1' },
    measure('accuracy', 'on its dev split'),
    REASON,
  ],
});
