/**
 * What importance needs to know of a pair's trials, wherever they were read (`read-observed.ts`): where in
 * the unit cube of the space each run was, at which fidelity, and what it got. Every rung counts: the process
 * knows how fidelities differ.
 */
import type { Grouping } from '@layerwise/optimizers';
import type { SearchSpace } from '@layerwise/search';

export interface Run {
  /** Of its study or log, from 0; repeats of a trial with fresh seeds have numbers of their own. */
  readonly trial: number;
  readonly repeatOf: number | null;
  /** [d] Coordinates in the unit cube. */
  readonly unit: readonly number[];
  /** Share of the whole run: 1 is all of it. */
  readonly fidelity: number;
  readonly reward: number;
}

export interface ObservedTrials {
  /** Its name, for people. */
  readonly pair: string;
  /** The same where the file states it; null where the name is the file's own. */
  readonly statedPair: string | null;
  /** Where they were read, for messages. */
  readonly file: string;
  readonly space: SearchSpace;
  /** [d] What people call the parameters: the layer groups, where each has a rate. */
  readonly names: readonly string[];
  /**
   * The groups whose rates the parameters are; null where they are something else, so that there is no flat
   * rate.
   */
  readonly grouping: Grouping | null;
  readonly runs: readonly Run[];
  /** Of repeats that failed or diverged, the trial that each repeats; left out: there are none. */
  readonly lostRepeats?: readonly number[];
  /** Trials that told no reward: failed, diverged, or not begun. */
  readonly silent: number;
}
