/**
 * What a sequence leaves in its folder: the matrix of accuracies, the history of its steps, the weights of
 * its end, a manifest; and the matrix read back.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  accuracyMatrixTable,
  currentVersions,
  digestOfFile,
  filesBelow,
  readTable,
  verifyOutputs,
  writeManifest,
  writeTable,
} from '@layerwise/artifacts';
import { groupingToJson } from '@layerwise/optimizers';
import { historyColumns } from '../phases/history.js';
import { PLAIN } from '../methods/method.js';
import { askedTasks } from '../batches/mixture.js';
import { phaseRates, phaseSteps } from '../phases/phase.js';
import { trainSizes, type PreparedSequence } from '../runs/prepare.js';
import { sequenceFingerprint, type AccuracyMatrix, type SequenceOutcome } from '../runs/sequence.js';
import type { Settings } from '../settings.js';
import { historyTable } from './tables.js';
import type { Provenance } from './write-results.js';
import { writeWeights } from './write-weights.js';

const MATRIX_FILE = 'accuracy-matrix.arrow';
const HISTORY_FILE = 'history.arrow';
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
        phase,
        task,
        name,
        accuracy,
        reason: accuracy === null ? reasonOf(phase, task, outcome) : null,
      };
    }),
  );
  await writeTable(join(folder, MATRIX_FILE), accuracyMatrixTable, {
    method: cells.map(() => settings.method?.name ?? PLAIN),
    sequence: cells.map(() => names.join(' → ')),
    seed: Int32Array.from(cells, () => settings.seed),
    phase: Int32Array.from(cells, ({ phase }) => phase + 1),
    task: cells.map(({ name }) => name),
    order: Int32Array.from(cells, ({ task }) => task + 1),
    accuracy: cells.map(({ accuracy }) => accuracy),
    reason: cells.map(({ reason }) => reason),
  });
  const sizes = trainSizes(run);
  const ratesAt = (phase: number, step: number): readonly (number | null)[] =>
    phaseRates(settings, phase, step, phaseSteps(settings, phase, sizes));
  const history = historyColumns(outcome.history, ratesAt, names);
  const grouping = groupingToJson(settings.grouping);
  await writeTable(join(folder, HISTORY_FILE), historyTable, history, { grouping });
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
  { parameters, inputs, started, counts, versions }: Provenance,
): Promise<void> {
  const outputs = [MATRIX_FILE, HISTORY_FILE, ...(await weightsIn(folder))].map(async (file) => {
    const path = join(folder, file);
    return { file, digest: await digestOfFile(path), bytes: (await stat(path)).size };
  });
  await writeManifest(folder, {
    stage: 'finetune-sequence',
    stageVersion: 1,
    fingerprint: sequenceFingerprint(run),
    parameters: JSON.parse(JSON.stringify(parameters)) as Record<string, never>,
    seed: settings.seed,
    inputs: [...inputs],
    outputs: await Promise.all(outputs),
    versions: currentVersions(versions),
    started: started.toISOString(),
    durationSeconds: (Date.now() - started.getTime()) / 1000,
    counts: { ...counts },
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
