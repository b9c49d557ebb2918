/**
 * What a sampler is: a pure function of the history that proposes the next values. Randomness is keyed by the
 * study's seed and the trial's number, so that a proposal is the same whichever worker asks.
 */
import type { SearchSpace } from '../space/space.js';
import type { Trial } from '../study/trial.js';

/** What was seen at one place of the unit cube. */
export interface Observation {
  readonly trial: number;
  /** [d], each coordinate in 0..1. */
  readonly unit: readonly number[];
  /** In the plan's units. */
  readonly fidelity: number;
  /** Maximised; a failed or diverged trial's penalty stands here too. */
  readonly reward: number;
}

/** A trial under way: its place is known, its reward not. */
export type Pending = Omit<Observation, 'reward'>;

export interface History {
  /** In the order in which they came in. */
  readonly observations: readonly Observation[];
  readonly pending: readonly Pending[];
}

export interface SamplerContext {
  readonly space: SearchSpace;
  readonly seed: number;
  /** The trial that is proposed. */
  readonly trial: number;
  /** Fidelities of the plan's rungs, rising; the last one is the full fidelity. */
  readonly fidelities: readonly number[];
  /** What the sampler left in the journal with its last proposal (its fit, say); null at first. */
  readonly memory: unknown;
}

interface Proposal {
  /** [d] in the unit cube. */
  readonly unit: readonly number[];
  readonly origin: Trial['origin'];
  /** Goes into the journal with the proposal and comes back as `memory` of the next; plain JSON. */
  readonly memory?: unknown;
}

export interface Sampler {
  (history: History, context: SamplerContext): Proposal;
  /** What a model expects of places at full fidelity: promotions go by its order, not by rewards. */
  readonly opinion?: (history: History, context: SamplerContext) => (unit: readonly number[]) => number;
}
