/**
 * Draws hyperparameters in proportion to how probable they are: elliptical slice sampling (Murray, Adams and
 * MacKay 2010), which needs a normal prior, as log-normal ones are in the logarithms, and no step size.
 *
 * Notation: f the state less the prior's mean, ν a draw of the prior; f' = f·cos θ + ν·sin θ runs through an
 * ellipse, and θ shrinks towards 0 until the likelihood is above a level drawn below the present one.
 */
import { logDeterminant } from '../covariance/cholesky.js';
import { condition } from '../predictions/posterior.js';
import { fromLogs, listedPriors, type Priors } from './priors.js';
import type { Inputs } from '../covariance/kernel.js';

/** Draws of a stream of randomness. */
export interface Draws {
  /** In (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** log p(y|θ) without its gradient; −∞ where K has no factor. */
export function logLikelihood(inputs: Inputs, y: Float64Array, logs: Float64Array): number {
  const { n, d } = inputs;
  const posterior = condition(fromLogs(logs, d), inputs, y);
  if (!posterior) return -Infinity;
  let misfit = 0;
  for (let row = 0; row < n; row++) misfit += (y[row]! - posterior.mean) * posterior.alpha[row]!;
  const value = -0.5 * (misfit + logDeterminant(posterior.factor, n) + n * Math.log(2 * Math.PI));
  return Number.isFinite(value) ? value : -Infinity;
}

/** What hyperparameters are drawn for. */
interface Regression {
  readonly inputs: Inputs;
  /** [n] */
  readonly y: Float64Array;
  readonly priors: Priors;
}

/** `count` states [θ] of a chain from `start`, `thin` steps apart. */
export function sampleHyperparameters(
  { inputs, y, priors }: Regression,
  start: Float64Array,
  { count, thin }: { readonly count: number; readonly thin: number },
  draws: Draws,
): Float64Array[] {
  const beliefs = listedPriors(priors, inputs.d, start.length > inputs.d + 2);
  let state = start;
  let level = logLikelihood(inputs, y, state);
  const states: Float64Array[] = [];
  for (let step = 1; step <= count * thin; step++) {
    const threshold = level + Math.log(draws.uniform());
    const other = state.map((_, i) => beliefs[i]!.deviation * draws.normal());
    let angle = 2 * Math.PI * draws.uniform();
    let [low, high] = [angle - 2 * Math.PI, angle];
    for (;;) {
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const next = state.map((value, i) => {
        const { mean } = beliefs[i]!;
        return mean + (value - mean) * cosine + other[i]! * sine;
      });
      const likelihood = logLikelihood(inputs, y, next);
      if (likelihood > threshold) {
        state = next;
        level = likelihood;
        break;
      }
      if (angle < 0) low = angle;
      else high = angle;
      if (high - low < 1e-9) break;
      angle = low + (high - low) * draws.uniform();
    }
    if (step % thin === 0) states.push(state);
  }
  return states;
}
