/**
 * From the results of all cells to what an evaluation says: measures of each run, means over seeds,
 * comparisons, ranks. Pure.
 */
import { compareMethods, type Comparison, type ResampleOptions } from './compare.js';
import { measuresOf, type Measure, type Measures } from './measures.js';
import type { EvaluationPlan } from '../plan/plan.js';
import { rankMethods, RANKED_MEASURES, type Ranking } from './rank.js';
import type { CellResult } from '../runs/read-cell.js';
import { summarise, type EvaluatedRun, type Summary } from './summary.js';

export interface Evaluation extends EvaluationPlan {
  readonly runs: readonly EvaluatedRun[];
  readonly summaries: readonly Summary[];
  readonly comparisons: readonly Comparison[];
  readonly rankings: readonly Ranking[];
}

/** @param results one a method, pair and seed */
export function evaluationOf(
  plan: EvaluationPlan,
  results: readonly CellResult[],
  options: ResampleOptions,
): Evaluation {
  const runs = results.map((result) => ({ ...result, measures: measuresOfCell(result, results) }));
  const summaries = summarise(plan, runs);
  return {
    ...plan,
    runs,
    summaries,
    comparisons: compareMethods(plan, results, options),
    rankings: RANKED_MEASURES.map((measure) => rankMethods(plan, summaries, measure)),
  };
}

function measuresOfCell({ cell, accuracies }: CellResult, results: readonly CellResult[]): Measures {
  return measuresOf(accuracies, referenceOf(cell, results));
}

/** Accuracy of D_s trained alone with the same seed: what intransigence is measured against. */
function referenceOf({ pair, seed, settings }: CellResult['cell'], results: readonly CellResult[]): Measure {
  if (settings.method?.alone === true)
    return { reason: 'each task alone is itself what intransigence is measured against' };
  const single = results.find(
    ({ cell }) => cell.settings.method?.alone === true && cell.pair === pair && cell.seed === seed,
  );
  return (
    single?.accuracies.shifted ?? { reason: 'there is no run of the method single to measure it against' }
  );
}
