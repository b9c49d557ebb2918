/** The options of `layerwise importance`, as its work receives them. */
export interface ImportanceCommandOptions {
  /** The trials.arrow of a search for one flat rate; undefined: none. */
  readonly control?: string;
  /** Functions that are drawn from the process. */
  readonly draws: number;
  readonly seed: number;
  /** Undefined: nothing is written. */
  readonly out?: string;
  readonly json?: boolean;
}
