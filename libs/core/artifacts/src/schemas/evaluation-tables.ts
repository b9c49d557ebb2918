/**
 * What an evaluation of methods × pairs × seeds leaves: the runs with their measures, means over seeds,
 * comparisons of two methods, how far weights and representations moved, dev texts whose answer changed, and
 * for longer sequences the matrix of accuracies. The evaluation writes them, the report reads them. A value
 * that cannot be had is null, and its reason stands beside it.
 */
import { column, defineTable, nullableColumn } from '../arrow/schema.js';
import { DRIFT_COLUMNS } from './finetune-tables.js';

const METHOD = column('method', 'utf8', 'name of the method');
const PAIR = column('pair', 'utf8', 'name of the pair: ORIGINAL → SHIFTED');
const SEED = column('seed', 'int32', "of the run's heads, batches and dropout");
const REASON = nullableColumn('reason', 'utf8', 'why the value is null; null where there is one');

const measure = <const Name extends string>(name: Name, description: string) =>
  nullableColumn(name, 'float64', description);

export const evaluationTable = defineTable({
  name: 'evaluation',
  version: 1,
  description: 'One row a run: a method on a pair with a seed.',
  metadataKeys: ['encoder'],
  columns: [
    METHOD,
    PAIR,
    column('original', 'utf8', 'name of D_o'),
    column('shifted', 'utf8', 'name of D_s'),
    SEED,
    column('status', 'utf8', 'complete, diverged or failed'),
    measure('accuracy_original_before', 'on D_o after phase 1'),
    measure('accuracy_original', 'p_o: on D_o after phase 2'),
    measure('accuracy_shifted', 'p_s: on D_s after phase 2'),
    measure('reward', 'p = p_o + p_s'),
    measure('forgetting', 'p_o before phase 2 less p_o after it'),
    measure('backward_transfer', 'p_o after phase 2 less p_o before it'),
    measure('intransigence', 'accuracy on D_s of D_s trained alone (same seed) less p_s'),
    column('reasons', 'utf8', 'JSON object: name of a measure that is null → why'),
    column('rates', 'list<float64>', 'of each layer group; NaN where it holds no tensor'),
    column('steps', 'int32', 'training steps of all phases'),
    column('seconds', 'float64', 'of training and evaluation'),
    column('folder', 'utf8', "the run's folder, below the evaluation's"),
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
    column('measure', 'utf8', 'a column of evaluation.arrow'),
    measure('mean', 'over the seeds'),
    measure('low', '95 % interval of the mean over seeds'),
    measure('high', '95 % interval of the mean over seeds'),
    column('seeds', 'int32', 'that have a value'),
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
    column('against', 'utf8', 'the method that it is compared with'),
    column('measure', 'utf8', 'accuracy_original, accuracy_shifted or reward'),
    measure('difference', 'mean of method less mean of against'),
    measure('low', 'paired bootstrap over dev rows and seeds, 95 %'),
    measure('high', 'paired bootstrap over dev rows and seeds, 95 %'),
    measure('mcnemar', 'p of the exact McNemar test on dev answers of the first seed; null for rewards'),
    column('rows', 'int32', 'dev rows compared'),
    column('seeds', 'int32', 'that both have'),
    REASON,
  ],
});

export const driftTable = defineTable({
  name: 'drift',
  version: 1,
  description: 'How far a run moved: weights by layer group and phase, representations by layer.',
  metadataKeys: [],
  columns: [METHOD, PAIR, SEED, column('phase', 'utf8', 'original, shifted'), ...DRIFT_COLUMNS, REASON],
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
    column('index', 'int32', "the row's number in its source"),
    column('text', 'utf8', 'the text'),
    nullableColumn('text_pair', 'utf8', 'its second text'),
    column('label', 'utf8', 'the right one'),
    column('before', 'utf8', 'the answer after phase 1'),
    column('after', 'utf8', 'the answer after phase 2'),
  ],
});

export const accuracyMatrixTable = defineTable({
  name: 'accuracy-matrix',
  version: 1,
  description: 'Accuracy on every task of a sequence after each of its phases.',
  metadataKeys: [],
  columns: [
    METHOD,
    column('sequence', 'utf8', 'names of the tasks in order, joined by →'),
    SEED,
    column('phase', 'int32', 'phases trained, from 1'),
    column('task', 'utf8', 'the task that is asked'),
    column('order', 'int32', 'of that task in the sequence, from 1'),
    measure('accuracy', 'on its dev split'),
    REASON,
  ],
});
