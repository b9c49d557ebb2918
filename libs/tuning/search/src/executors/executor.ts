/**
 * What an executor is: something that takes a run and reports how it went. `run-search.ts` decides and keeps
 * the journal; an executor only acts. Ours starts child processes on this machine (`process-executor.ts`).
 */
import type { RunEnd, RunRequest } from '../running/objective.js';

export type ExecutorEvent =
  | { readonly kind: 'progress'; readonly trial: number; readonly done: number; readonly total: number }
  | { readonly kind: 'end'; readonly trial: number; readonly end: RunEnd; readonly seconds: number }
  /** The worker died, or its lease ran out without a heartbeat; a late `end` may still come. */
  | { readonly kind: 'lost'; readonly trial: number; readonly reason: string };

export interface Executor {
  /** Runs that it can take at once. */
  readonly capacity: number;
  /**
   * Takes a run; what becomes of it comes out of `next`: an `end` or a `lost` at least, also when it is
   * closed.
   */
  take(request: RunRequest): void;
  /** Resolves with the next event of any run. */
  next(): Promise<ExecutorEvent>;
  /** Asks all runs to stop with a checkpoint, and waits for them (at most `graceMs`). */
  close(graceMs: number): Promise<void>;
}
