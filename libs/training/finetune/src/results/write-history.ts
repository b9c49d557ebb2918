/** `history.arrow`: what happened at each step, with the rate of every group there. */
import { join } from 'node:path';
import { writeTable } from '@layerwise/artifacts';
import { groupingToJson } from '@layerwise/optimizers';
import { historyColumns, type History } from '../phases/history.js';
import { phaseRates, phaseSteps } from '../phases/phase.js';
import { trainSizes, type PreparedSequence } from '../runs/prepare.js';
import type { Settings } from '../settings.js';
import { historyTable } from './tables.js';

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
  await writeTable(join(folder, HISTORY_FILE), historyTable, historyColumns(history, ratesAt, names), {
    grouping: groupingToJson(settings.grouping),
  });
}
