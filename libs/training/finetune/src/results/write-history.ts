/**
 * `history.arrow`: what happened at each step, with the rate of every group there; and the rows that it saw.
 */
import { join } from 'node:path';
import { historyTable, writeRows, type RowOf } from '@layerwise/artifacts';
import { groupingToJson } from '@layerwise/optimizers';
import type { History } from '../phases/history.js';
import { phaseRates, phaseSteps } from '../phases/phase-rates.js';
import { trainSizes, type PreparedSequence } from '../runs/prepare.js';
import { PHASES, type Settings } from '../settings.js';
import type { batchesTable } from './batches-table.js';

export const HISTORY_FILE = 'history.arrow';

/** @param names of the phases */
export async function writeHistory(
  folder: string,
  run: PreparedSequence,
  settings: Settings,
  history: History,
  names: readonly string[],
): Promise<void> {
  const sizes = trainSizes(run);
  const ratesAt = (phase: number, step: number): readonly (number | null)[] =>
    phaseRates(settings, phase, step, phaseSteps(settings, phase, sizes));
  await writeRows(join(folder, HISTORY_FILE), historyTable, historyRows(history, ratesAt, names), {
    grouping: groupingToJson(settings.grouping),
  });
}

/**
 * `ratesAt` gives every group's rate at a step of a phase, from 0; null becomes NaN. `names` are the phases'.
 */
export function historyRows(
  history: History,
  ratesAt: (phase: number, step: number) => readonly (number | null)[],
  names: readonly string[],
): RowOf<typeof historyTable>[] {
  return history.step.map((step, row) => {
    const phase = history.phase[row]!;
    return {
      phase: names[phase]!,
      step,
      loss: history.loss[row]!,
      rates: ratesAt(phase, step).map((rate) => rate ?? Number.NaN),
      tokens: history.tokens[row]!,
      seconds: history.seconds[row]!,
    };
  });
}

/** `rowsAt` gives the training rows of a step, by task. */
export function batchRows(
  history: History,
  rowsAt: (phase: number, step: number) => readonly Int32Array[],
): RowOf<typeof batchesTable>[] {
  return history.step.map((step, row) => {
    const phase = history.phase[row]!;
    const byTask = rowsAt(phase, step).map((rows) => Array.from(rows));
    return { phase: PHASES[phase]!, step, rows: byTask[phase]!, replayed: byTask.slice(0, phase).flat() };
  });
}
