/** What the Gaussian-process sampler could do otherwise: measured in docs/results/search-benchmarks.md. */
export interface GpOptions {
  readonly start: number;
  readonly centre: boolean;
  readonly warp: 'none' | 'power' | 'half' | 'both';
  readonly samples: number;
  readonly trust: boolean;
  readonly lengthMean: number | null;
  readonly lengthDeviation: number;
  readonly lengthRoot: boolean;
}

export const GP_DEFAULTS: GpOptions = {
  start: 8,
  centre: false,
  warp: 'power',
  samples: 0,
  trust: false,
  lengthMean: null,
  lengthDeviation: Math.sqrt(3),
  lengthRoot: true,
};
