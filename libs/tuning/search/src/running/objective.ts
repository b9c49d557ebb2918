/**
 * What is searched: a function that runs a trial to a fidelity and tells what came out. The search knows
 * nothing of training.
 *
 * A worker process gets an objective from a module that is handed in by its URL: its export `createObjective`
 * makes one from a plain configuration.
 */
import type { Value } from '../space/space.js';

export interface RunRequest {
  readonly trial: number;
  readonly values: Readonly<Record<string, Value>>;
  readonly seed: number;
  /** Fidelity that the checkpoint in `folder` stands at; 0: there is none, the trial starts anew. */
  readonly from: number;
  /** Fidelity to reach. */
  readonly to: number;
  /** The full fidelity. */
  readonly full: number;
  /** The trial's own folder, for checkpoints: what a run leaves there, the next run of the trial finds. */
  readonly folder: string;
}

export interface RunContext {
  /** Aborted to stop soon, with a checkpoint: the run then ends as `stopped`. */
  readonly signal: AbortSignal;
  /**
   * Tells that the run is alive and how far it is: steps done of the rung's, those that a killed run did
   * before included.
   */
  readonly heartbeat: (done: number, total: number) => void;
}

export type RunEnd =
  | {
      readonly kind: 'measured';
      readonly reward: number;
      readonly measures: Readonly<Record<string, number>>;
      /**
       * Steps that the rung took, from `from` to `to`. A run that goes on where a killed or stopped one of
       * the same rung left off counts those of before too, so that the figure does not depend on
       * interruptions.
       */
      readonly steps: number;
    }
  | { readonly kind: 'diverged' | 'failed'; readonly message: string; readonly steps: number }
  /**
   * With a `reason`: nobody asked for it, but no run can go on (the disk is full); the search stops with that
   * sentence.
   */
  | { readonly kind: 'stopped'; readonly steps: number; readonly reason?: string };

export type Objective = (request: RunRequest, context: RunContext) => Promise<RunEnd>;

/** Training steps that a run costs: from a checkpoint at `from` (0: none) to `to`, of `full`. */
export type Cost = (from: number, to: number, full: number) => number;

/** What the module of an objective exports. */
export type CreateObjective = (configuration: unknown) => Promise<Objective>;
