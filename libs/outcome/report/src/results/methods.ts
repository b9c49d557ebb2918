/**
 * Methods and pairs of an evaluation: in which order they stand, and what a summary row says of one of them.
 */
import { EVALUATED_METHODS } from '@layerwise/evaluation/options';
import type { Artifacts, SummaryRow } from '../artifacts/artifacts.js';

/** Each once, in the order that their declarations give them; a method without one comes last. */
export function methodsOf(rows: readonly { readonly method: string }[]): readonly string[] {
  const place = (method: string): number => EVALUATED_METHODS[method]?.order ?? Number.MAX_VALUE;
  return [...new Set(rows.map(({ method }) => method))].sort((a, b) => place(a) - place(b));
}

/** Each once, in the order of appearance. */
export function pairsOf(rows: readonly { readonly pair: string }[]): readonly string[] {
  return [...new Set(rows.map(({ pair }) => pair))];
}

export function summaryOf(
  { summary }: Pick<Artifacts, 'summary'>,
  method: string,
  pair: string,
  measure: string,
): SummaryRow | undefined {
  return summary.find((row) => row.method === method && row.pair === pair && row.measure === measure);
}

/** D_o and D_s of a pair. */
export function tasksOf(
  { evaluation }: Pick<Artifacts, 'evaluation'>,
  pair: string,
): readonly [string, string] {
  const row = evaluation.find((one) => one.pair === pair);
  if (row !== undefined) return [row.original, row.shifted];
  const [original = pair, shifted = ''] = pair.split(' → ');
  return [original, shifted];
}

/** Pairs that have no search of their own while others have: those of the paper's table 3. */
export function unseenPairs({ evaluation }: Pick<Artifacts, 'evaluation'>): readonly string[] {
  const searched = new Set(
    evaluation.filter(({ method }) => method === 'distribution').map(({ pair }) => pair),
  );
  if (searched.size === 0) return [];
  return pairsOf(evaluation).filter((pair) => !searched.has(pair));
}

/** The rate of the method flat, or null where it is not known or not one. */
export function flatRateOf({ evaluation }: Pick<Artifacts, 'evaluation'>): number | null {
  const rates = evaluation
    .filter(({ method }) => method === 'flat')
    .flatMap(({ rates: own }) => own.filter((rate) => !Number.isNaN(rate)));
  const [rate = null] = rates;
  return rates.every((one) => one === rate) ? rate : null;
}
