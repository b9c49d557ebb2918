/**
 * What the Gaussian-process sampler may do otherwise. The defaults are one configuration for all functions
 * and searches; what each of the others gains or loses is measured in docs/results/search-benchmarks.md.
 */
import type { LogNormal } from '@layerwise/gaussian-process';

export interface GpOptions {
  /** Trials before the first that is chosen by the process: Sobol points till then. */
  readonly start: number;
  /**
   * Whether the first trial is the middle of the space: whoever gives a range believes in its middle more
   * than in its ends.
   */
  readonly middleFirst: boolean;
  /** Whether rewards are brought closer to a normal distribution (Cowen-Rivers et al. 2022). */
  readonly powerTransform: boolean;
  /** The belief about each length scale in d dimensions. */
  readonly lengthscale: (d: number) => LogNormal;
  /**
   * Sets of hyperparameters that are drawn as likely as they are, whose expected improvements are averaged;
   * 0: the likeliest set.
   */
  readonly draws: number;
  /** Whether proposals keep to a box around the best place, as Eriksson et al. (2019) have it. */
  readonly trustRegion: boolean;
  /** Whether the noise is taken from places that were run more than once. */
  readonly noiseFromRepeats: boolean;
  /**
   * Whether a paused trial is promoted for what the process expects of it at full fidelity, not for its
   * reward at the rung.
   */
  readonly promoteByModel: boolean;
}

/**
 * Much the same in any dimension: a log-normal with the mean and spread of the Gamma(3, 6) that was the
 * custom for long.
 */
function classicLengthscale(): LogNormal {
  return { mean: -0.86, deviation: 0.6 };
}

/**
 * Longer in proportion to √d, and hardly bounded: Hvarfner et al. (2024), with the mode of their density as
 * its centre.
 */
export function growingLengthscale(d: number): LogNormal {
  return { mean: Math.SQRT2 - 3 + Math.log(d) / 2, deviation: Math.sqrt(3) };
}

export const GP_DEFAULTS: GpOptions = {
  start: 8,
  middleFirst: true,
  powerTransform: true,
  lengthscale: classicLengthscale,
  draws: 0,
  trustRegion: false,
  noiseFromRepeats: true,
  promoteByModel: true,
};
