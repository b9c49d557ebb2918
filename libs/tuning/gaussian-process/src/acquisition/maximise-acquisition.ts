/**
 * Finds where log EI is highest in a box: all candidates are looked at, the best few are starts of L-BFGS
 * (the multi-start of Balandat et al. 2020).
 */
import { minimiseInBox, type Box } from '../minimisation/lbfgs.js';
import { logH, logHSlope } from './log-expected-improvement.js';
import { predict, type Posterior } from '../predictions/posterior.js';

interface MaximiseOptions {
  /** How far a candidate [d] may be moved: a coordinate that has only some values is held where it is. */
  readonly boxAt: (candidate: Float64Array) => Box;
  /** The value to improve on. */
  readonly best: number;
  /** Candidates whose surroundings are searched. */
  readonly starts?: number;
  readonly maxIterations?: number;
}

/**
 * The place of the highest log EI, the mean of several processes' EI where several are given (hyperparameters
 * that are likely, each weighing the same).
 * @param candidates places [d] in the box, at least one
 * @returns [d]
 */
export function maximiseExpectedImprovement(
  posteriors: readonly Posterior[],
  candidates: readonly Float64Array[],
  { boxAt, best, starts = 5, maxIterations = 40 }: MaximiseOptions,
): Float64Array {
  const d = posteriors[0]!.inputs.d;
  const gradients = { mean: new Float64Array(d), variance: new Float64Array(d) };
  const negative = (x: Float64Array, gradient: Float64Array | null): number => {
    const parts: number[] = [];
    const slopes: Float64Array[] = [];
    for (const posterior of posteriors) {
      const { mean, variance } = predict(posterior, x, 1, gradient ? gradients : undefined);
      const sigma = Math.sqrt(variance);
      const u = (mean - best) / sigma;
      parts.push(Math.log(sigma) + logH(u));
      if (!gradient) continue;
      // d log EI = dσ/σ + (log h)'(u)·(dμ/σ − u·dσ/σ), dσ/σ = dv/(2v)
      const slope = logHSlope(u);
      slopes.push(
        gradients.mean.map((byMean, i) => {
          const bySigma = gradients.variance[i]! / (2 * variance);
          return bySigma + slope * (byMean / sigma - u * bySigma);
        }),
      );
    }
    const most = Math.max(...parts);
    const weights = parts.map((part) => Math.exp(part - most));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (gradient) {
      gradient.fill(0);
      slopes.forEach((slope, place) => {
        const weight = weights[place]! / total;
        for (let i = 0; i < d; i++) gradient[i] = gradient[i]! - weight * slope[i]!;
      });
    }
    return -(most + Math.log(total / parts.length));
  };
  const ranked = candidates
    .map((x) => ({ x, value: negative(x, null) }))
    .sort((a, b) => a.value - b.value)
    .slice(0, starts);
  let found = ranked[0]!;
  for (const { x } of ranked) {
    const end = minimiseInBox(negative, x, boxAt(x), {
      maxIterations,
      gradientTolerance: 1e-6,
      valueTolerance: 1e-8,
    });
    if (end.value < found.value) found = end;
  }
  return found.x;
}
