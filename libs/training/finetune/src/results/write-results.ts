/**
 * Writes what a run leaves behind (`outputs.ts`): Arrow tables, the encoder as a Hugging Face folder, both
 * heads; the manifest last.
 */
import { join } from 'node:path';
import { predictionsTable, writeTable, type Task } from '@layerwise/artifacts';
import { groupingToJson } from '@layerwise/optimizers';
import type { Evaluation } from '../phases/evaluate.js';
import type { RunOutcome } from '../runs/finetune.js';
import { batchColumns, float64Lists } from '../phases/history.js';
import { OUTPUTS, removeOutputs, writtenOutputs, type OutputFile } from './outputs.js';
import { PLAIN } from '../methods/method.js';
import { stepRowsByTask } from '../batches/mixture.js';
import type { PreparedRun } from '../runs/prepare.js';
import { PHASES, type Phase, type Settings } from '../settings.js';
import { batchesTable, resultsTable } from './tables.js';
import { writeHistory } from './write-history.js';
import { writeFinished, type Provenance } from './write-manifest.js';
import { writeWeights } from './write-weights.js';

/** A run that came to an end. */
export type Finished = Exclude<RunOutcome, { readonly kind: 'stopped' }>;

/** `results.arrow`'s row as one object: what the command line prints. */
export interface ResultsRow {
  readonly status: 'complete' | 'diverged';
  readonly original: string;
  readonly shifted: string;
  readonly method: string;
  readonly accuracyOriginalBefore: number | null;
  readonly accuracyShifted: number | null;
  readonly accuracyOriginal: number | null;
  readonly reward: number | null;
  readonly rates: readonly (number | null)[];
  readonly trainRowsOriginal: number;
  readonly trainRowsShifted: number;
  readonly devRowsOriginal: number;
  readonly devRowsShifted: number;
  readonly stepsOriginal: number;
  readonly stepsShifted: number;
  readonly secondsOriginal: number;
  readonly secondsShifted: number;
  readonly secondsEvaluation: number;
  readonly peakMemoryMb: number;
  /**
   * The phase in which training diverged (or after which evaluation gave no numbers), and its step from 0.
   */
  readonly divergedIn: Phase | null;
  readonly divergedAtStep: number | null;
}

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
  await writeTable(
    join(folder, 'batches.arrow'),
    batchesTable,
    batchColumns(outcome.history, (phase, step) => rowsOf[phase]?.(step) ?? []),
  );
  if (outcome.kind === 'complete') {
    for (const phase of PHASES) {
      const evaluation = outcome[phase];
      if (evaluation === null) continue;
      await writePredictions(join(folder, `predictions-${phase}.arrow`), run.tasks[phase].task, evaluation);
    }
    if (kept.weights) await writeWeights(folder, run, settings, kept.classifiers ? run.sequence : []);
  }
  const row = resultsRow(run, settings, outcome);
  await writeTable(join(folder, 'results.arrow'), resultsTable, columnsOf(row), {
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
  await writeFinished(folder, { stage: 'finetune', fingerprint, seed: settings.seed, files }, provenance);
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

function columnsOf(
  row: ResultsRow,
): Parameters<typeof writeTable<typeof resultsTable.columns, 'grouping'>>[2] {
  const int = (value: number): Int32Array => Int32Array.of(value);
  const float = (value: number): Float64Array => Float64Array.of(value);
  return {
    original: [row.original],
    shifted: [row.shifted],
    method: [row.method],
    status: [row.status],
    accuracyOriginalBefore: [row.accuracyOriginalBefore],
    accuracyShifted: [row.accuracyShifted],
    accuracyOriginal: [row.accuracyOriginal],
    reward: [row.reward],
    rates: float64Lists([row.rates]),
    trainRowsOriginal: int(row.trainRowsOriginal),
    trainRowsShifted: int(row.trainRowsShifted),
    devRowsOriginal: int(row.devRowsOriginal),
    devRowsShifted: int(row.devRowsShifted),
    stepsOriginal: int(row.stepsOriginal),
    stepsShifted: int(row.stepsShifted),
    secondsOriginal: float(row.secondsOriginal),
    secondsShifted: float(row.secondsShifted),
    secondsEvaluation: float(row.secondsEvaluation),
    peakMemoryMb: float(row.peakMemoryMb),
    divergedIn: [row.divergedIn],
    divergedAtStep: [row.divergedAtStep],
  };
}
