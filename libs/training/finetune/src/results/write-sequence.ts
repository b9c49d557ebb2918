/**
 * What a sequence leaves in its folder: the matrix of accuracies, the history of its steps, the weights of
 * its end, a manifest; and the matrix read back.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  accuracyMatrixTable,
  filesBelow,
  historyTable,
  readTable,
  verifyOutputs,
  writeCommandManifest,
  writeRows,
  type OutputDeclaration,
  type Provenance,
} from '@layerwise/artifacts';
import { askedTasks } from '../batches/mixture.js';
import { PLAIN } from '../methods/method.js';
import type { PreparedSequence } from '../runs/prepare.js';
import { sequenceFingerprint, type AccuracyMatrix, type SequenceOutcome } from '../runs/sequence.js';
import type { Settings } from '../settings.js';
import { HISTORY_FILE, writeHistory } from './write-history.js';
import { writeWeights } from './write-weights.js';

const MATRIX_FILE = 'accuracy-matrix.arrow';

/** What every sequence leaves; the optional ones only where training did not diverge. */
export const SEQUENCE_OUTPUTS = [
  {
    file: MATRIX_FILE,
    description: 'the accuracy on each task after each',
    table: accuracyMatrixTable,
  },
  { file: HISTORY_FILE, description: 'one row a step: loss, rates, tokens, seconds', table: historyTable },
  {
    file: 'encoder/',
    description: 'the encoder after the last task, as Hugging Face has it',
    optional: true,
  },
  { file: 'heads.safetensors', description: 'all heads after the last task', optional: true },
  { file: 'heads-initial.safetensors', description: 'all heads before the first task', optional: true },
] as const satisfies readonly OutputDeclaration[];

const WEIGHTS = /^(encoder\/|classifier-\d+\/|heads(-initial)?\.safetensors$)/;

/**
 * Writes the tables, null with its reason where the matrix has no number, and the weights, where training
 * came to its end.
 * @param classifiers also writes the head of every task that this encoder was trained with beside it
 */
export async function writeSequence(
  folder: string,
  run: PreparedSequence,
  settings: Settings,
  outcome: Exclude<SequenceOutcome, { readonly kind: 'stopped' }>,
  classifiers = false,
): Promise<void> {
  const { sequence } = run;
  const stale = new Set((await weightsIn(folder)).map((file) => file.split('/')[0] ?? file));
  for (const name of stale) await rm(join(folder, name), { recursive: true });
  const names = sequence.map(({ task }) => task.name);
  const cells = names.flatMap((_, phase) =>
    names.map((name, task) => {
      const accuracy = outcome.matrix[phase]?.[task] ?? null;
      return {
        method: settings.method?.name ?? PLAIN,
        sequence: names.join(' → '),
        seed: settings.seed,
        phase: phase + 1,
        task: name,
        order: task + 1,
        accuracy,
        reason: accuracy === null ? reasonOf(phase, task, outcome) : null,
      };
    }),
  );
  await writeRows(join(folder, MATRIX_FILE), accuracyMatrixTable, cells, {});
  await writeHistory(folder, run, settings, outcome.history, names);
  if (outcome.kind === 'diverged') return;
  const asked = askedTasks(settings, sequence.length - 1);
  await writeWeights(
    folder,
    run,
    settings,
    classifiers ? sequence.filter((_, task) => asked.includes(task)) : [],
  );
}

/** Files of weights in `folder`, by their paths in it. */
async function weightsIn(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((file) => WEIGHTS.test(file));
}

function reasonOf(phase: number, task: number, outcome: SequenceOutcome): string {
  if (outcome.kind === 'diverged' && phase >= outcome.phase)
    return `training diverged at step ${outcome.step} of phase ${outcome.phase + 1}`;
  return task > phase
    ? 'its head is not trained yet'
    : 'its head was trained with another encoder than the one that this phase left';
}

/** Declares tables and weights in `folder` complete. */
export async function writeSequenceManifest(
  folder: string,
  run: PreparedSequence,
  settings: Settings,
  provenance: Provenance,
): Promise<void> {
  const files = [MATRIX_FILE, HISTORY_FILE, ...(await weightsIn(folder))];
  const fingerprint = sequenceFingerprint(run);
  await writeCommandManifest(folder, 'finetune-sequence', files, settings.seed, {
    ...provenance,
    fingerprint,
  });
}

/**
 * The matrix of a finished sequence of so many tasks. @throws InputError when its files are not as the
 * manifest says
 */
export async function readSequence(folder: string, tasks: number): Promise<AccuracyMatrix> {
  await verifyOutputs(folder);
  const table = await readTable(join(folder, MATRIX_FILE), accuracyMatrixTable);
  const accuracies = table.column('accuracy');
  return Array.from({ length: tasks }, (_, phase) =>
    Array.from({ length: tasks }, (_, task) => accuracies[phase * tasks + task] ?? null),
  );
}
