/**
 * What is searched: a function that runs a trial to a fidelity and tells what came out. The search knows
 * nothing of training.
 *
 * To workers it is work like any other (`@layerwise/workers`): a module that exports `createWork`, which
 * makes the objective of a plain configuration; each run of a trial is a job.
 */
import type { CreateWork, JobContext, JobEnd, Work } from '@layerwise/workers';
import type { Value } from '../space/space.js';

export interface RunRequest {
  readonly trial: number;
  readonly values: Readonly<Record<string, Value>>;
  readonly seed: number;
  /** Fidelity that the checkpoint in its folder stands at; 0: there is none, the trial starts anew. */
  readonly from: number;
  /** Fidelity to reach. */
  readonly to: number;
  /** The full fidelity. */
  readonly full: number;
}

/**
 * `folder` is the trial's own, for checkpoints: what a run leaves there, the next run of the trial finds.
 * `progress` counts steps of the rung's, those that a killed run did before included.
 */
export type RunContext = JobContext;

export type RunEnd =
  | {
      readonly kind: 'measured';
      readonly reward: number;
      readonly measures: Readonly<Record<string, number>>;
      /** Of the rung, from `from` to `to`, however often it was interrupted on the way. */
      readonly steps: number;
    }
  | { readonly kind: 'diverged' | 'failed'; readonly message: string; readonly steps: number }
  /** With a `reason` nobody asked for it, but no run can go on (the disk is full): it ends the search. */
  | { readonly kind: 'stopped'; readonly steps: number; readonly reason?: string };

export type Objective = Work<RunRequest, RunEnd>;

/** What the module of an objective exports as `createWork`. */
export type CreateObjective = CreateWork<RunRequest, RunEnd>;

/** Training steps that a run costs: from a checkpoint at `from` (0: none) to `to`, of `full`. */
export type Cost = (from: number, to: number, full: number) => number;

/**
 * How a run ended, by how its job did. So that one bad set of values never ends a search, what the objective
 * threw is a failure of its trial, and a reward that is no number is divergence.
 */
export function runEndOf(end: JobEnd<RunEnd>): RunEnd {
  if (end.kind === 'failed') return { kind: 'failed', message: end.message, steps: end.done };
  if (end.kind === 'stopped') {
    const { kind, done, reason } = end;
    return { kind, steps: done, ...(reason !== undefined && { reason }) };
  }
  const run = end.result;
  if (run.kind !== 'measured' || Number.isFinite(run.reward)) return run;
  return { kind: 'diverged', message: `the reward is ${run.reward}`, steps: run.steps };
}
