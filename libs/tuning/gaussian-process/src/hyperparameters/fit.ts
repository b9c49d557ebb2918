/** The most probable hyperparameters: L-BFGS on the log posterior, from the last fit and other starts. */
import { minimiseInBox, type Box } from '../minimisation/lbfgs.js';
import { negativeLogPosterior } from './likelihood.js';
import { fromLogs, listedPriors, toLogs, type Priors } from './priors.js';
import type { Hyperparameters, Inputs } from '../covariance/kernel.js';

interface FitOptions {
  readonly priors: Priors;
  /** Lower fidelities were seen: fit how they differ. */
  readonly withError: boolean;
  /** A start beside the priors' centre. */
  readonly last?: Hyperparameters | null;
  /** Further starts: shifts of all length scales from the priors' centre, in their deviations. */
  readonly shifts?: readonly number[];
  readonly maxIterations?: number;
}

/** Hyperparameters stay this many of their prior's deviations around its centre. */
const REACH = 4;

/** Fits the process to y [n] seen at `inputs`; y should be standardised. */
export function fitHyperparameters(inputs: Inputs, y: Float64Array, options: FitOptions): Hyperparameters {
  const { priors, withError, last, shifts = [], maxIterations = 60 } = options;
  const beliefs = listedPriors(priors, inputs.d, withError);
  const box: Box = {
    low: Float64Array.from(beliefs, ({ mean, deviation }) => mean - REACH * deviation),
    high: Float64Array.from(beliefs, ({ mean, deviation }) => mean + REACH * deviation),
  };
  const centre = Float64Array.from(beliefs, ({ mean }) => mean);
  const starts: Float64Array[] = [centre];
  for (const shift of shifts) {
    starts.push(centre.map((mean, i) => (i < inputs.d ? mean + shift * beliefs[i]!.deviation : mean)));
  }
  if (last && (last.error !== null) === withError) starts.unshift(toLogs(last));
  const misfit = (logs: Float64Array, gradient: Float64Array): number =>
    negativeLogPosterior(inputs, y, priors, logs, gradient);
  let best: { x: Float64Array; value: number } | null = null;
  for (const start of starts) {
    const end = minimiseInBox(misfit, start, box, {
      maxIterations,
      gradientTolerance: 1e-3,
      valueTolerance: 1e-7,
    });
    if (!best || end.value < best.value) best = end;
  }
  return fromLogs(best!.x, inputs.d);
}
