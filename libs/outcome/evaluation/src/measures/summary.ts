/** Means over seeds with Student's 95 % interval: how far other seeds of training would move them. */
import { meanInterval } from '@layerwise/statistics';
import type { EvaluationPlan } from '../plan/plan.js';
import type { CellResult } from '../runs/read-cell.js';
import { MEASURES, reasonOf, valueOf, type MeasureName, type Measures } from './measures.js';

/** A cell with its measures. */
export interface EvaluatedRun extends CellResult {
  readonly measures: Measures;
}

/** Of the intervals of means over seeds. */
export const LEVEL = 0.95;

export interface Summary {
  readonly method: string;
  readonly pair: string;
  readonly measure: MeasureName;
  /** Over the seeds that have a value; null where none has. */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** That have a value. */
  readonly seeds: number;
  /** Why the mean, or its interval, is null. */
  readonly reason: string | null;
}

/** One a method, pair and measure. */
export function summarise({ methods, pairs }: EvaluationPlan, runs: readonly EvaluatedRun[]): Summary[] {
  return methods.flatMap((method) =>
    pairs.flatMap(({ name: pair }) => {
      const own = runs.filter(({ cell }) => cell.method === method && cell.pair === pair);
      return MEASURES.map((measure) => ({ method, pair, measure, ...overSeeds(own, measure) }));
    }),
  );
}

function overSeeds(runs: readonly EvaluatedRun[], measure: MeasureName) {
  const all = runs.map(({ measures }) => measures[measure]);
  const values = all.flatMap((one) => valueOf(one) ?? []);
  const [missing] = all.flatMap((one) => reasonOf(one) ?? []);
  const seeds = values.length;
  if (seeds === 0)
    return { mean: null, low: null, high: null, seeds, reason: missing ?? 'there is no run of it' };
  const { mean, low, high } = meanInterval(values, LEVEL);
  const reason = low === null ? 'one seed does not tell how seeds differ' : null;
  return { mean, low, high, seeds, reason };
}

/** The summary of a measure, or undefined. */
export function summaryOf(
  summaries: readonly Summary[],
  method: string,
  pair: string,
  measure: MeasureName,
): Summary | undefined {
  return summaries.find((one) => one.method === method && one.pair === pair && one.measure === measure);
}
