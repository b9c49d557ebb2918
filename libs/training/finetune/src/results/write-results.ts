/**
 * Writes what a run leaves behind (`outputs.ts`): Arrow tables, the encoder as a Hugging Face folder, both
 * heads; the manifest last.
 */
import { join } from 'node:path';
import {
  predictionsTable,
  resultsTable,
  writeCommandManifest,
  writeRows,
  writeTable,
  type Provenance,
  type RowOf,
  type Task,
} from '@layerwise/artifacts';
import { groupingToJson, type Rates } from '@layerwise/optimizers';
import type { Evaluation } from '../phases/evaluate.js';
import type { RunOutcome } from '../runs/finetune.js';
import { OUTPUTS, removeOutputs, writtenOutputs, type OutputFile } from './outputs.js';
import { PLAIN } from '../methods/method.js';
import { stepRowsByTask } from '../batches/mixture.js';
import type { PreparedRun } from '../runs/prepare.js';
import { PHASES, type Phase, type Settings } from '../settings.js';
import { batchesTable } from './batches-table.js';
import { batchRows, writeHistory } from './write-history.js';
import { writeWeights } from './write-weights.js';

/** A run that came to an end. */
export type Finished = Exclude<RunOutcome, { readonly kind: 'stopped' }>;

/**
 * `results.arrow`'s row as one object: what the command line prints. A group without tensors has the rate
 * null. `divergedIn` is the phase in which training diverged, or after which evaluation gave no numbers.
 */
export type ResultsRow = Omit<RowOf<typeof resultsTable>, 'status' | 'rates' | 'divergedIn'> & {
  readonly status: 'complete' | 'diverged';
  readonly rates: Rates;
  readonly divergedIn: Phase | null;
};

export function resultsRow(run: PreparedRun, settings: Settings, outcome: Finished): ResultsRow {
  const { original, shifted } = run.tasks;
  const steps = (phase: Phase): number => outcome.history.phase.filter((at) => PHASES[at] === phase).length;
  const complete = outcome.kind === 'complete' ? outcome : null;
  const accuracyOriginal = complete?.original?.accuracy ?? null;
  const accuracyShifted = complete?.shifted?.accuracy ?? null;
  return {
    status: outcome.kind,
    original: original.task.name,
    shifted: shifted.task.name,
    method: settings.method?.name ?? PLAIN,
    accuracyOriginalBefore: outcome.accuracyOriginalBefore,
    accuracyShifted,
    accuracyOriginal,
    reward: accuracyOriginal === null || accuracyShifted === null ? null : accuracyOriginal + accuracyShifted,
    rates: settings.rates,
    trainRowsOriginal: original.train.rows,
    trainRowsShifted: shifted.train.rows,
    devRowsOriginal: original.dev.rows,
    devRowsShifted: shifted.dev.rows,
    stepsOriginal: steps('original'),
    stepsShifted: steps('shifted'),
    secondsOriginal: outcome.seconds.original,
    secondsShifted: outcome.seconds.shifted,
    secondsEvaluation: outcome.seconds.evaluation,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
    divergedIn: outcome.kind === 'diverged' ? outcome.phase : null,
    divergedAtStep: outcome.kind === 'diverged' ? outcome.step : null,
  };
}

/** Which weights a run leaves behind. */
export interface KeptWeights {
  /** The encoder after both phases, and the heads. */
  readonly weights: boolean;
  /** With `weights`: each task's head with the encoder, for `AutoModelForSequenceClassification`. */
  readonly classifiers: boolean;
  /** `drift.arrow` was written. */
  readonly drift?: boolean;
}

/**
 * Writes everything but the manifest into `folder`, removes what an earlier run left there, and gives the
 * row.
 */
export async function writeResults(
  folder: string,
  run: PreparedRun,
  settings: Settings,
  outcome: Finished,
  kept: KeptWeights,
): Promise<ResultsRow> {
  await removeOutputs(folder, staleOutputs(outcome, kept));
  await writeHistory(folder, run, settings, outcome.history, PHASES);
  const trained = run.sequence.map(({ train }) => train);
  const rowsOf = PHASES.map((_, phase) => stepRowsByTask(settings, phase, trained));
  const batches = batchRows(outcome.history, (phase, step) => rowsOf[phase]!(step));
  await writeRows(join(folder, 'batches.arrow'), batchesTable, batches, {});
  if (outcome.kind === 'complete') {
    for (const phase of PHASES) {
      const evaluation = outcome[phase];
      if (evaluation === null) continue;
      await writePredictions(join(folder, `predictions-${phase}.arrow`), run.tasks[phase].task, evaluation);
    }
    if (kept.weights) await writeWeights(folder, run, settings, kept.classifiers ? run.sequence : []);
  }
  const row = resultsRow(run, settings, outcome);
  const stored = { ...row, rates: row.rates.map((rate) => rate ?? Number.NaN) };
  await writeRows(join(folder, 'results.arrow'), resultsTable, [stored], {
    grouping: groupingToJson(settings.grouping),
  });
  return row;
}

/** Declares the outputs in `folder` complete. */
export async function writeRunManifest(
  folder: string,
  run: PreparedRun,
  settings: Settings,
  provenance: Provenance,
): Promise<void> {
  const files = await writtenOutputs(folder);
  const { fingerprint } = run;
  await writeCommandManifest(folder, 'finetune', files, settings.seed, { ...provenance, fingerprint });
}

/** Outputs that this outcome does not write. */
function staleOutputs(outcome: Finished, { weights, classifiers, drift = false }: KeptWeights): OutputFile[] {
  const written = (file: OutputFile): boolean => {
    if (file === 'predictions-original-before.arrow') return outcome.accuracyOriginalBefore !== null;
    if (outcome.kind !== 'complete') return false;
    if (file === 'predictions-original.arrow') return outcome.original !== null;
    if (file === 'predictions-shifted.arrow') return outcome.shifted !== null;
    if (file === 'drift.arrow') return drift;
    return weights && (classifiers || !file.startsWith('classifier'));
  };
  return OUTPUTS.filter((output) => 'optional' in output && !written(output.file)).map(({ file }) => file);
}

/** Predictions of one dev split. */
export async function writePredictions(file: string, task: Task, evaluation: Evaluation): Promise<void> {
  const columns = {
    index: task.dev.index,
    label: task.dev.label,
    predicted: evaluation.predicted,
    logits: { size: task.labels.length, values: evaluation.logits },
  };
  await writeTable(file, predictionsTable, columns, { task: task.name, labels: JSON.stringify(task.labels) });
}
