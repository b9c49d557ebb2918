/** The options of `layerwise search-status`, as its work receives them. */
export interface SearchStatusCommandOptions {
  /** Trials in the table. */
  readonly best: number;
  readonly json?: boolean;
}
