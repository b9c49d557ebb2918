/**
 * What the Gaussian-process sampler may do otherwise. The defaults are one configuration for all functions
 * and searches; what each of the others gains or loses is measured in docs/results/search-benchmarks.md.
 */
import { defaultPriors, type LogNormal } from '@layerwise/gaussian-process';

export interface GpOptions {
  /** Trials before the first that is chosen by the process: Sobol points till then. */
  readonly start: number;
  /** Whether the first trial is the middle of the space, in which whoever gives a range believes most. */
  readonly middleFirst: boolean;
  /** Whether rewards are brought closer to a normal distribution (Cowen-Rivers et al. 2022). */
  readonly powerTransform: boolean;
  /** The belief about each length scale in d dimensions. */
  readonly lengthscale: (d: number) => LogNormal;
  /** Sets of hyperparameters, drawn as likely as they are, whose EI is averaged; 0: the likeliest set. */
  readonly draws: number;
  /** Whether proposals keep to a box around the best place, as Eriksson et al. (2019) have it. */
  readonly trustRegion: boolean;
  /** Whether the noise is taken from places that were run more than once. */
  readonly noiseFromRepeats: boolean;
  /** Whether a trial is promoted for what is expected of it at full fidelity, not for its reward. */
  readonly promoteByModel: boolean;
}

/**
 * Longer in proportion to √d, and hardly bounded: Hvarfner et al. (2024), centred on their density's mode.
 */
export function growingLengthscale(d: number): LogNormal {
  return defaultPriors(d).lengthscale;
}

export const GP_DEFAULTS: GpOptions = {
  start: 8,
  middleFirst: true,
  powerTransform: true,
  /** In any dimension a log-normal with mean and spread of the Gamma(3, 6) that was the custom for long. */
  lengthscale: () => ({ mean: -0.86, deviation: 0.6 }),
  draws: 0,
  trustRegion: false,
  noiseFromRepeats: true,
  promoteByModel: true,
};
