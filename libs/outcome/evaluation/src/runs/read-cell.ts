/** What a cell came to, from the folder of its run: accuracies, answers on the dev rows, drift. */
import { join } from 'node:path';
import { fileExists } from '@layerwise/errors';
import { predictionsTable, readRows, readTable, runDriftTable, type RowOf } from '@layerwise/artifacts';
import { PHASES, readResults, type Phase, type ResultsRow } from '@layerwise/finetune';
import { measured, type Accuracies, type Measure } from '../measures/measures.js';
import type { Cell } from '../plan/plan.js';

/** Answers on the dev rows of a task, in the order of its dev split. */
export interface Answers {
  readonly index: Int32Array;
  readonly label: Int32Array;
  readonly predicted: Int32Array;
}

type DriftRow = RowOf<typeof runDriftTable>;

export interface CellResult {
  readonly cell: Cell;
  readonly status: 'complete' | 'diverged' | 'failed';
  readonly accuracies: Accuracies;
  /** At the end, on each task's dev rows; null where there are none. */
  readonly answers: Readonly<Record<Phase, Answers | null>>;
  /** On D_o's dev rows between the phases. */
  readonly answersBefore: Answers | null;
  readonly drift: readonly DriftRow[];
  /** Of training. */
  readonly steps: number;
  /** Of training and evaluation. */
  readonly seconds: number;
}

/** A cell whose run ended. @throws InputError where a file of it is damaged */
export async function readCell(cell: Cell, outputFolder: string): Promise<CellResult> {
  const folder = join(outputFolder, cell.folder);
  const row = await readResults(folder);
  const before = await readAnswers(join(folder, 'predictions-original-before.arrow'));
  const original = await readAnswers(join(folder, 'predictions-original.arrow'));
  const isAlone = cell.settings.method?.alone === true;
  return {
    cell,
    status: row.status,
    accuracies: accuraciesOf(cell, row),
    answers: {
      original: isAlone ? before : original,
      shifted: await readAnswers(join(folder, 'predictions-shifted.arrow')),
    },
    answersBefore: isAlone ? null : before,
    drift: await readDrift(join(folder, 'drift.arrow')),
    steps: row.stepsOriginal + row.stepsShifted,
    seconds: row.secondsOriginal + row.secondsShifted + row.secondsEvaluation,
  };
}

/** A cell that gave no result. */
export function failedCell(cell: Cell, reason: string): CellResult {
  const missing = { reason: `the run failed: ${reason}` };
  return {
    cell,
    status: 'failed',
    answers: { original: null, shifted: null },
    answersBefore: null,
    drift: [],
    steps: 0,
    seconds: 0,
    accuracies: { originalBefore: missing, original: missing, shifted: missing },
  };
}

/** Where each task is trained alone, what D_o alone gives is its accuracy on D_o: nothing came after it. */
function accuraciesOf({ method, settings }: Cell, row: ResultsRow): Accuracies {
  const found = (accuracy: number | null, otherwise: string): Measure =>
    measured(accuracy, row.status === 'diverged' ? divergence(row) : otherwise);
  const { accuracyOriginalBefore: before, accuracyOriginal, accuracyShifted } = row;
  const unasked = 'the run does not evaluate this task';
  const shifted = found(accuracyShifted, unasked);
  if (settings.method?.alone === true) {
    const originalBefore = { reason: `${method} trains each task alone, so that nothing comes after D_o` };
    return { originalBefore, original: found(before, unasked), shifted };
  }
  return {
    originalBefore: found(
      before,
      `${method} does not train D_o before D_s, so there is no accuracy between them`,
    ),
    original: found(accuracyOriginal, unasked),
    shifted,
  };
}

function divergence({ divergedIn, divergedAtStep, original, shifted }: ResultsRow): string {
  const task = divergedIn === PHASES[0] ? original : shifted;
  return `training diverged at step ${String(divergedAtStep)} of the phase on ${task}`;
}

async function readAnswers(file: string): Promise<Answers | null> {
  if (!fileExists(file)) return null;
  const table = await readTable(file, predictionsTable);
  return {
    index: table.column('index'),
    label: table.column('label'),
    predicted: table.column('predicted'),
  };
}

async function readDrift(file: string): Promise<readonly DriftRow[]> {
  return fileExists(file) ? (await readRows(file, runDriftTable)).rows : [];
}
