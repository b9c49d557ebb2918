/**
 * A trial: values that are tried, and what is known of them. All of it is data that the journal's events
 * rebuild.
 *
 * States: `waiting` to be run (again, or further), `running` on a worker, `paused` at a rung with a
 * checkpoint, `complete` at full fidelity, `failed` (the objective said so), `diverged` (it gave no number),
 * `stale` (its worker died, or its lease ended without a word: it is run again before anything new, and till
 * then a late result is still taken).
 */
import type { Value } from '../space/space.js';

export const TRIAL_STATES = [
  'waiting',
  'running',
  'paused',
  'complete',
  'failed',
  'diverged',
  'stale',
] as const;
export type TrialState = (typeof TRIAL_STATES)[number];

/** Where a trial's values come from. */
export type Origin = 'given' | 'sobol' | 'random' | 'tpe' | 'gp' | 'repeat';

/** What a trial's run to one rung told. */
export interface Measurement {
  /** In the plan's units, from 1 to its last rung. */
  readonly fidelity: number;
  /** Maximised. */
  readonly reward: number;
  /** What the reward is made of, by name: for fine-tuning `originalBefore`, `original` and `shifted`. */
  readonly measures: Readonly<Record<string, number>>;
  /** Training steps that this rung cost. */
  readonly steps: number;
  readonly seconds: number;
}

export interface Trial {
  readonly number: number;
  readonly values: readonly Value[];
  readonly origin: Origin;
  /** Place in the plan's brackets. */
  readonly bracket: number;
  /** Of its runs: derived from the study's seed and the number. */
  readonly seed: number;
  /** The trial whose values this one tries again with a fresh seed; null for a trial of the search itself. */
  readonly repeatOf: number | null;
  readonly state: TrialState;
  /** The fidelity that it has to reach next, or reached last. */
  readonly target: number;
  /** In rising fidelity. */
  readonly measurements: readonly Measurement[];
  /** Fidelity that a kept checkpoint stands at, and its size; null: it would have to start over. */
  readonly checkpoint: { readonly fidelity: number; readonly bytes: number } | null;
  /** Runs begun. */
  readonly attempts: number;
  /** Of its last failure. */
  readonly message: string | null;
}
