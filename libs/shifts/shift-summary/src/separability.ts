/**
 * How well the two parts are told apart on held-out rows: balanced accuracy (the mean of the two parts'
 * shares of rows told right), error e = 1 − balanced accuracy, and the proxy A-distance 2(1 − 2e) (Ben-David
 * et al., Analysis of Representations for Domain Adaptation, 2006): 0 where the parts cannot be told apart, 2
 * where they are told apart without error.
 *
 * Intervals of 95 %: Wilson's for each part's share (Wilson, 1927), joined for the mean of two independent
 * shares by square and add (Newcombe, 1998; Zou and Donner, 2008). Unlike a bootstrap they keep a width at
 * 100 %. They are of the held-out rows: how the classifier would vary with its training rows is not in them.
 */

/** An estimate between its bounds. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Separability {
  readonly balancedAccuracy: Estimate;
  readonly proxyADistance: Estimate;
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/** From the rows told right and all rows, of each part. */
export function separability(
  first: { readonly right: number; readonly rows: number },
  second: { readonly right: number; readonly rows: number },
): Separability {
  const [a, b] = [wilson(first.right, first.rows), wilson(second.right, second.rows)];
  const value = (a.value + b.value) / 2;
  const balancedAccuracy = {
    value,
    low: value - Math.hypot(a.value - a.low, b.value - b.low) / 2,
    high: value + Math.hypot(a.high - a.value, b.high - b.value) / 2,
  };
  // 2(1 − 2e) with e = 1 − accuracy.
  const distance = (accuracy: number) => 4 * accuracy - 2;
  return {
    balancedAccuracy,
    proxyADistance: {
      value: distance(value),
      low: distance(balancedAccuracy.low),
      high: distance(balancedAccuracy.high),
    },
  };
}

/** Wilson's interval of a share. */
export function wilson(right: number, rows: number): Estimate {
  const value = right / rows;
  const shrink = 1 + (Z * Z) / rows;
  const centre = (value + (Z * Z) / (2 * rows)) / shrink;
  const half = (Z / shrink) * Math.sqrt((value * (1 - value)) / rows + (Z * Z) / (4 * rows * rows));
  // At 0 and 1 the bound is the share itself, rounding apart.
  return { value, low: Math.min(value, centre - half), high: Math.max(value, centre + half) };
}
