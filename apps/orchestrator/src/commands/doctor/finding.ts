/** One line of `layerwise doctor`. */

/**
 * `present`: works. `optional`: absent, and nothing fails without it unless it is asked for. `missing`:
 * something a plain run needs is absent.
 */
export type State = 'present' | 'optional' | 'missing';

export interface Finding {
  readonly name: string;
  readonly state: State;
  /** What was found. */
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}
