/**
 * A trial: values that are tried, and what is known of them. All of it is data that the journal's events
 * rebuild.
 *
 * States: `waiting` to be run (again, or further), `running` on a worker, `paused` at a rung with a
 * checkpoint, `complete` at full fidelity, `failed` (the objective said so), `diverged` (it gave no number),
 * `stale` (its worker died, or its lease ended without a word: it is run again before anything new, and till
 * then a late result is still taken).
 */
import type { EventOf, Measurement } from './events.js';

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

/** As it was proposed, and what became of it. */
export interface Trial extends Pick<
  EventOf<'proposed'>,
  'values' | 'origin' | 'bracket' | 'seed' | 'repeatOf'
> {
  readonly number: number;
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
