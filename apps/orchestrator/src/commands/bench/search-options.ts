/** The options of `layerwise bench search`, as its work receives them. */
export interface BenchSearchOptions {
  readonly function: string;
  readonly sampler: string;
  readonly scheduler: string;
  readonly eta: number;
  readonly trials?: number;
  readonly epochs?: number;
  readonly seeds: number;
  readonly seed: number;
  readonly json?: boolean;
}
