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
  writeTable,
  type OutputDeclaration,
  type RanksFile,
} from '@layerwise/artifacts';
import type { Evaluation } from '../measures/evaluation.js';
import { flipsOf } from '../measures/flips.js';
import { MEASURES, reasonOf, valueOf, type MeasureName } from '../measures/measures.js';
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
  const { runs, summaries, comparisons, rankings } = evaluation;
  const file = (name: (typeof EVALUATION_OUTPUTS)[number]['file']): string => join(folder, name);
  await writeTable(file('evaluation.arrow'), evaluationTable, runColumns(evaluation), { encoder });
  await writeTable(file('method-summary.arrow'), summaryTable, {
    method: summaries.map(({ method }) => method),
    pair: summaries.map(({ pair }) => pair),
    measure: summaries.map(({ measure }) => measure),
    mean: summaries.map(({ mean }) => mean),
    low: summaries.map(({ low }) => low),
    high: summaries.map(({ high }) => high),
    seeds: Int32Array.from(summaries, ({ seeds }) => seeds),
    reason: summaries.map(({ reason }) => reason),
  });
  await writeTable(file('comparisons.arrow'), comparisonsTable, {
    pair: comparisons.map(({ pair }) => pair),
    method: comparisons.map(({ method }) => method),
    against: comparisons.map(({ against }) => against),
    measure: comparisons.map(({ measure }) => measure),
    difference: comparisons.map(({ difference }) => difference),
    low: comparisons.map(({ low }) => low),
    high: comparisons.map(({ high }) => high),
    mcnemar: comparisons.map(({ mcnemar }) => mcnemar),
    rows: Int32Array.from(comparisons, ({ rows }) => rows),
    seeds: Int32Array.from(comparisons, ({ seeds }) => seeds),
    reason: comparisons.map(({ reason }) => reason),
  });
  const driftRows = runs.flatMap(({ cell, drift: rows }) => rows.map((row) => ({ cell, row })));
  await writeTable(file('drift.arrow'), driftTable, {
    method: driftRows.map(({ cell }) => cell.method),
    pair: driftRows.map(({ cell }) => cell.pair),
    seed: Int32Array.from(driftRows, ({ cell }) => cell.seed),
    phase: driftRows.map(({ row }) => row.phase),
    measure: driftRows.map(({ row }) => row.measure),
    place: driftRows.map(({ row }) => row.place),
    order: Int32Array.from(driftRows, ({ row }) => row.order),
    value: driftRows.map(({ row }) => row.value),
    reason: driftRows.map(({ row }) => row.reason),
  });
  const flips = flipsOf(evaluation, runs);
  await writeTable(file('flips.arrow'), flipsTable, {
    method: flips.map(({ method }) => method),
    pair: flips.map(({ pair }) => pair),
    seed: Int32Array.from(flips, ({ seed }) => seed),
    index: Int32Array.from(flips, ({ index }) => index),
    text: flips.map(({ text }) => text),
    text_pair: flips.map(({ textPair }) => textPair),
    label: flips.map(({ label }) => label),
    before: flips.map(({ before }) => before),
    after: flips.map(({ after }) => after),
  });
  await writeJson(file(ranksFile.name), rankings satisfies RanksFile);
  await writeFileAtomically(file('tables.txt'), `${evaluationText(evaluation)}\n`);
}

function runColumns({ runs, pairs }: Evaluation) {
  const values = (name: MeasureName): (number | null)[] =>
    runs.map(({ measures }) => valueOf(measures[name]));
  const taskOf = (name: string, part: 'original' | 'shifted'): string =>
    pairs.find((pair) => pair.name === name)?.tasks[part].name ?? '';
  const measures = Object.fromEntries(MEASURES.map((name) => [name, values(name)])) as Record<
    MeasureName,
    (number | null)[]
  >;
  return {
    ...measures,
    method: runs.map(({ cell }) => cell.method),
    pair: runs.map(({ cell }) => cell.pair),
    original: runs.map(({ cell }) => taskOf(cell.pair, 'original')),
    shifted: runs.map(({ cell }) => taskOf(cell.pair, 'shifted')),
    seed: Int32Array.from(runs, ({ cell }) => cell.seed),
    status: runs.map(({ status }) => status),
    reasons: runs.map(({ measures: own }) =>
      JSON.stringify(
        Object.fromEntries(
          MEASURES.flatMap((name) => {
            const reason = reasonOf(own[name]);
            return reason === null ? [] : [[name, reason]];
          }),
        ),
      ),
    ),
    rates: ratesColumn(runs.map(({ cell }) => cell.settings.rates)),
    steps: Int32Array.from(runs, ({ steps }) => steps),
    seconds: Float64Array.from(runs, ({ seconds }) => seconds),
    folder: runs.map(({ cell }) => cell.folder),
  };
}

/** Rates of groups that hold nothing are NaN. */
function ratesColumn(lists: readonly (readonly (number | null)[])[]) {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = offsets[row]! + list.length));
  return { offsets, values: Float64Array.from(lists.flat(), (rate) => rate ?? NaN) };
}
