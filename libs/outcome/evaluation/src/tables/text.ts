/**
 * An evaluation as tables for people, in the form of the paper's: Table 1 (each task alone), Table 2 (the
 * pairs that were searched) and Table 3 (pairs that were not) with "p_o - p_s" in a cell and the average in
 * the last column; then all measures, comparisons in words, and ranks. The report sets its own, with the
 * paper's figures beside them (`report/src/sections/tables.ts`).
 */
import { meanOf } from '@layerwise/statistics';
import { textTable } from '@layerwise/artifacts';
import { EVALUATED_METHODS } from '../options.js';
import type { Evaluation } from '../measures/evaluation.js';
import { MEASURES, type MeasureName } from '../measures/measures.js';
import { summaryOf } from '../measures/summary.js';
import { comparisonInWords, rankingInWords, signed } from './wording.js';

type Rows = readonly (readonly string[])[];

/** Of `tables.txt`. */
export function evaluationText(evaluation: Evaluation): string {
  const { pairs, searchedPairs, seeds, comparisons, rankings } = evaluation;
  const names = pairs.map(({ name }) => name);
  const seen = names.filter((name) => searchedPairs.includes(name));
  const unseen = names.filter((name) => !searchedPairs.includes(name));
  const runs = seeds.length === 1 ? 'one seed' : `mean of ${seeds.length} seeds`;
  const second = searchedPairs.length === 0 ? 'pairs' : 'searched pairs';
  return [
    ...section(`Table 1: accuracy of each task alone (method single), ${runs}`, aloneRows(evaluation)),
    ...(searchedPairs.length === 0
      ? section(`Table 2: p_o - p_s after both phases, ${second}, ${runs}`, pairRows(evaluation, unseen))
      : [
          ...section(`Table 2: p_o - p_s after both phases, ${second}, ${runs}`, pairRows(evaluation, seen)),
          ...section(
            `Table 3: p_o - p_s after both phases, unseen pairs, ${runs}`,
            pairRows(evaluation, unseen),
          ),
        ]),
    ...section(`All measures: ${runs}, 95 % intervals over seeds`, longRows(evaluation)),
    'Comparisons: mean difference (95 % paired bootstrap over dev rows and seeds), McNemar on the first seed',
    ...comparisonLines(evaluation.pairs.length, comparisons),
    '',
    'Ranks (1 is best)',
    ...rankings.map((ranking) => `  ${rankingInWords(ranking)}`),
    '',
    ...reasonLines(evaluation),
  ].join('\n');
}

function section(title: string, rows: Rows): string[] {
  return rows.length < 2 ? [] : [title, ...textTable(rows), ''];
}

/** Table 1: a task a column. A task that is in several pairs was trained in each; its runs count alike. */
function aloneRows({ runs, pairs }: Evaluation): Rows {
  const accuracies = new Map<string, number[]>();
  for (const { cell, accuracies: of } of runs.filter((run) => run.cell.settings.method?.alone === true)) {
    const pair = pairs.find(({ name }) => name === cell.pair);
    for (const part of ['original', 'shifted'] as const) {
      const name = pair?.tasks[part].name ?? '';
      const found = of[part];
      if ('value' in found) accuracies.set(name, [...(accuracies.get(name) ?? []), found.value]);
    }
  }
  const means = [...accuracies].map(([name, values]) => [name, meanOf(values)] as const);
  if (means.length === 0) return [];
  return [
    ['method', ...means.map(([name]) => name), 'average'],
    ['single', ...means.map(([, mean]) => mean.toFixed(3)), meanOf(means.map(([, mean]) => mean)).toFixed(3)],
  ];
}

/** Tables 2 and 3: a method a row, a pair a column. */
function pairRows({ methods, summaries }: Evaluation, pairs: readonly string[]): Rows {
  if (pairs.length === 0) return [];
  const cell = (method: string, measure: MeasureName) =>
    pairs.map((pair) => summaryOf(summaries, method, pair, measure)?.mean ?? null);
  return [
    ['method', ...pairs, 'average'],
    ...methods.map((method) => {
      const [original, shifted] = [cell(method, 'accuracy_original'), cell(method, 'accuracy_shifted')];
      const average = `${share(averageOf(original))} - ${share(averageOf(shifted))}`;
      const cells = pairs.map((_, place) => `${share(original[place])} - ${share(shifted[place])}`);
      const name = EVALUATED_METHODS[method]?.paperName;
      return [name === undefined ? method : `${method} (${name})`, ...cells, average];
    }),
  ];
}

function longRows({ methods, pairs, summaries }: Evaluation): Rows {
  const cell = (method: string, pair: string, measure: MeasureName): string => {
    const found = summaryOf(summaries, method, pair, measure);
    if (found === undefined || found.mean === null) return '-';
    const show = measure.startsWith('accuracy') || measure === 'reward' ? share : signed;
    const { mean, low, high } = found;
    return low === null || high === null ? show(mean) : `${show(mean)} ± ${share((high - low) / 2)}`;
  };
  return [
    ['pair', 'method', ...MEASURES],
    ...pairs.flatMap(({ name }) =>
      methods.map((method) => [name, method, ...MEASURES.map((measure) => cell(method, name, measure))]),
    ),
  ];
}

function comparisonLines(pairs: number, comparisons: Evaluation['comparisons']): string[] {
  return comparisons.map((one) => `  ${pairs > 1 ? `${one.pair}: ` : ''}${comparisonInWords(one)}`);
}

/** Why figures are missing, each reason once. */
function reasonLines({ runs }: Evaluation): string[] {
  const reasons = new Set(
    runs.flatMap(({ cell, measures }) =>
      MEASURES.flatMap((measure) => {
        const found = measures[measure];
        return 'reason' in found ? [`  ${cell.method}, ${measure}: ${found.reason}`] : [];
      }),
    ),
  );
  return reasons.size === 0 ? [] : ['What "-" means', ...reasons];
}

/**
 * The average of a row; null where a cell is missing, which would make it another average than the row above
 * has.
 */
function averageOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? meanOf(known) : null;
}

function share(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(3);
}
