/**
 * The files of an evaluation (`evaluationTable` and its neighbours in @layerwise/artifacts), without a
 * manifest.
 */
import { join } from 'node:path';
import {
  comparisonsTable,
  driftTable,
  evaluationTable,
  flipsTable,
  summaryTable,
  ranksFile,
  writeFileAtomically,
  writeJson,
  writeRows,
  type OutputDeclaration,
  type RanksFile,
} from '@layerwise/artifacts';
import type { Evaluation } from '../measures/evaluation.js';
import { flipsOf } from '../measures/flips.js';
import { MEASURES, reasonOf, valueOf, type MeasureName, type Measures } from '../measures/measures.js';
import { evaluationText } from './text.js';

export const EVALUATION_OUTPUTS = [
  { file: 'evaluation.arrow', description: 'one row a run: its measures', table: evaluationTable },
  {
    file: 'method-summary.arrow',
    description: 'means over seeds with their intervals',
    table: summaryTable,
  },
  { file: 'comparisons.arrow', description: 'two methods on one pair, with tests', table: comparisonsTable },
  { file: 'drift.arrow', description: 'how far runs moved weights and representations', table: driftTable },
  {
    file: 'flips.arrow',
    description: "D_o's dev texts whose answer changed in phase 2: for your eyes, not to be passed on",
    table: flipsTable,
  },
  { file: 'ranks.json', description: 'mean ranks over pairs, or why there are none' },
  { file: 'tables.txt', description: "the paper's tables, all measures, comparisons in words" },
] as const satisfies readonly OutputDeclaration[];

/** @param encoder its name, for people. @throws InputError where the folder cannot be written */
export async function writeEvaluation(
  folder: string,
  evaluation: Evaluation,
  encoder: string,
): Promise<void> {
  const { runs, pairs, summaries, comparisons, rankings } = evaluation;
  const file = (name: (typeof EVALUATION_OUTPUTS)[number]['file']): string => join(folder, name);
  const tasksOf = new Map(pairs.map(({ name, tasks }) => [name, tasks]));
  const evaluated = runs.map(({ cell, measures, status, steps, seconds }) => ({
    ...(Object.fromEntries(MEASURES.map((name) => [name, valueOf(measures[name])])) as Record<
      MeasureName,
      number | null
    >),
    method: cell.method,
    pair: cell.pair,
    original: tasksOf.get(cell.pair)!.original.name,
    shifted: tasksOf.get(cell.pair)!.shifted.name,
    seed: cell.seed,
    status,
    reasons: JSON.stringify(reasonsOf(measures)),
    // Groups that hold nothing have no rate.
    rates: cell.settings.rates.map((rate) => rate ?? NaN),
    steps,
    seconds,
    folder: cell.folder,
  }));
  const drift = runs.flatMap(({ cell: { method, pair, seed }, drift: rows }) =>
    rows.map((row) => ({ method, pair, seed, ...row })),
  );
  await writeRows(file('evaluation.arrow'), evaluationTable, evaluated, { encoder });
  await writeRows(file('method-summary.arrow'), summaryTable, summaries, {});
  await writeRows(file('comparisons.arrow'), comparisonsTable, comparisons, {});
  await writeRows(file('drift.arrow'), driftTable, drift, {});
  await writeRows(file('flips.arrow'), flipsTable, flipsOf(evaluation, runs), {});
  await writeJson(file(ranksFile.name), rankings satisfies RanksFile);
  await writeFileAtomically(file('tables.txt'), `${evaluationText(evaluation)}\n`);
}

/** Why measures are missing, by their names. */
function reasonsOf(measures: Measures): Partial<Record<MeasureName, string>> {
  return Object.fromEntries(
    MEASURES.flatMap((name) => {
      const reason = reasonOf(measures[name]);
      return reason === null ? [] : [[name, reason]];
    }),
  );
}
