/**
 * Logistic regression with an L2 penalty, as scikit-learn's `LogisticRegression(C=c)` defines it: weights w
 * and intercept b minimise
 *
 *   ½ ‖w‖² + c Σ_i log(1 + exp(−y_i (w·x_i + b))),   y_i = ±1, the intercept without penalty.
 *
 * Newton's method, its linear systems solved by conjugate gradients, with a line search (Nocedal and Wright,
 * Numerical Optimization, 2006, algorithm 7.1): nothing is drawn, so the same rows give the same bits.
 */
import { InputError } from '@layerwise/errors';

/** Rows of numbers in double precision: [rows, size]. */
export interface Rows {
  readonly rows: number;
  readonly size: number;
  readonly values: Float64Array;
}

/** Weights and, as the last number, the intercept: [size + 1]. */
export type LinearClassifier = Float64Array;

const NEWTON_STEPS = 200;
/** The gradient must shrink to this share of what it was at the start. */
const TOLERANCE = 1e-10;

/**
 * Fits a classifier that tells rows of class 1 from those of class 0. `classes`: [rows]. InputError where it
 * does not converge, which a `c` in the thousands can cause.
 */
export function fitLogistic(x: Rows, classes: Uint8Array, c: number): LinearClassifier {
  let theta: LinearClassifier = new Float64Array(x.size + 1);
  let scores = scoresOf(x, theta);
  let value = loss(theta, scores, classes, c);
  let start: number | null = null;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = gradientAt(x, theta, scores, classes, c);
    const norm = Math.sqrt(dot(gradient, gradient));
    start ??= norm;
    if (norm <= TOLERANCE * start) return theta;

    const direction = newtonDirection(x, scores, c, gradient, Math.min(0.5, Math.sqrt(norm / start)));
    const slope = dot(gradient, direction);
    let accepted = false;
    for (let length = 1; length > 1e-10 && !accepted; length /= 2) {
      const candidate = theta.map((weight, i) => weight + length * direction[i]!);
      const candidateScores = scoresOf(x, candidate);
      const candidateValue = loss(candidate, candidateScores, classes, c);
      // At the minimum the loss falls by less than it is rounded by.
      accepted = candidateValue <= value + 1e-4 * length * slope + 1e-13 * value;
      if (accepted) [theta, scores, value] = [candidate, candidateScores, candidateValue];
    }
    if (!accepted) break;
  }
  throw new InputError(
    `the classifier that tells the parts apart does not converge with c ${c}; give a smaller c`,
  );
}

/** w·x + b of every row, the log odds of class 1: [rows]. */
export function scoresOf({ rows, size, values }: Rows, theta: LinearClassifier): Float64Array {
  const scores = new Float64Array(rows);
  for (let i = 0, place = 0; i < rows; i++) {
    let sum = theta[size]!;
    for (let k = 0; k < size; k++) sum += values[place++]! * theta[k]!;
    scores[i] = sum;
  }
  return scores;
}

function loss(theta: LinearClassifier, scores: Float64Array, classes: Uint8Array, c: number): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    // log(1 + exp(−margin)) without overflow.
    const margin = classes[i] === 1 ? score : -score;
    sum += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
  }
  const intercept = theta[theta.length - 1]!;
  return (dot(theta, theta) - intercept * intercept) / 2 + c * sum;
}

function gradientAt(
  x: Rows,
  theta: LinearClassifier,
  scores: Float64Array,
  classes: Uint8Array,
  c: number,
): Float64Array {
  const residuals = scores.map((score, i) => c * (sigmoid(score) - classes[i]!));
  return penalised(theta, columnSums(x, residuals));
}

/** The step s with H s = −gradient, to the relative accuracy `forcing`, by conjugate gradients. */
function newtonDirection(
  x: Rows,
  scores: Float64Array,
  c: number,
  gradient: Float64Array,
  forcing: number,
): Float64Array {
  const curvature = scores.map((score) => c * sigmoid(score) * sigmoid(-score));
  const step = new Float64Array(gradient.length);
  const residual = gradient.slice();
  let search = gradient.map((value) => -value);
  let square = dot(residual, residual);
  const enough = forcing * forcing * square;
  for (let i = 0; i < 10 * gradient.length && square > enough; i++) {
    const bent = penalised(
      search,
      columnSums(
        x,
        scoresOf(x, search).map((score, row) => score * curvature[row]!),
      ),
    );
    const along = dot(search, bent);
    if (!(along > 0)) break;
    const length = square / along;
    for (let k = 0; k < step.length; k++) {
      step[k] = step[k]! + length * search[k]!;
      residual[k] = residual[k]! + length * bent[k]!;
    }
    const before = square;
    square = dot(residual, residual);
    search = search.map((value, k) => (square / before) * value - residual[k]!);
  }
  return step;
}

/** Σ_i factor_i (x_i, 1): [size + 1]. */
function columnSums({ rows, size, values }: Rows, factors: Float64Array): Float64Array {
  const sums = new Float64Array(size + 1);
  for (let i = 0, place = 0; i < rows; i++) {
    const factor = factors[i]!;
    for (let k = 0; k < size; k++) sums[k] = sums[k]! + factor * values[place++]!;
    sums[size] = sums[size]! + factor;
  }
  return sums;
}

/** Adds the penalty's share, which the intercept has none of, to `sums`. */
function penalised(weights: Float64Array, sums: Float64Array): Float64Array {
  for (let k = 0; k < sums.length - 1; k++) sums[k] = sums[k]! + weights[k]!;
  return sums;
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
