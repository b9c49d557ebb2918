/**
 * Two methods on a pair, in words. A difference counts as shown where the 95 % interval of the paired
 * bootstrap leaves out 0; McNemar's exact test, of the first seed's dev answers, stands beside it. Nothing
 * here says "better" without that.
 */
import type { Artifacts, ComparisonRow } from '../artifacts/artifacts.js';
import { fixed, interval, signed } from '../page/table.js';

/** `method` less `against`. */
export type Difference = Pick<
  ComparisonRow,
  'difference' | 'low' | 'high' | 'mcnemar' | 'reason' | 'rows' | 'seeds'
>;

/** The comparison of two methods, whichever way round it was made. */
export function differenceOf(
  { comparisons }: Pick<Artifacts, 'comparisons'>,
  method: string,
  against: string,
  pair: string,
  measure: string,
): Difference | undefined {
  const of = (one: string, other: string) =>
    comparisons.find(
      (row) => row.method === one && row.against === other && row.pair === pair && row.measure === measure,
    );
  const straight = of(method, against);
  if (straight !== undefined) return straight;
  const turned = of(against, method);
  if (turned === undefined) return undefined;
  const minus = (value: number | null): number | null => (value === null ? null : -value);
  return {
    ...turned,
    difference: minus(turned.difference),
    low: minus(turned.high),
    high: minus(turned.low),
  };
}

export type Verdict = 'higher' | 'lower' | 'not shown';

export function verdictOf({ low, high }: Pick<Difference, 'low' | 'high'>): Verdict {
  if (low !== null && low > 0) return 'higher';
  if (high !== null && high < 0) return 'lower';
  return 'not shown';
}

/** "+0.080 (95 % interval 0.050 to 0.110; McNemar p = 0.001)" */
export function differenceInWords({ difference, low, high, mcnemar, reason }: Difference): string {
  if (difference === null) return `no figure (${reason ?? 'no reason given'})`;
  const notes = [
    low === null || high === null ? 'no interval' : `95 % interval ${interval(low, high)}`,
    ...(mcnemar === null ? [] : [`McNemar p ${pInWords(mcnemar)}`]),
  ];
  return `${signed(difference)} (${notes.join('; ')})`;
}

/** "= 0.031", "< 0.001" */
export function pInWords(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${fixed(p)}`;
}
