/**
 * What a worker process and its executor say to each other over the IPC channel: `process-executor.ts` on one
 * side, `worker.ts` on the other.
 */
import type { RunEnd, RunRequest } from '../running/objective.js';

/** What a worker is started with, and then told. */
export type ToWorker =
  | { readonly kind: 'start'; readonly module: string; readonly configuration: unknown }
  | { readonly kind: 'run'; readonly request: RunRequest }
  /** Stop the run with a checkpoint and say how it ended; then exit. */
  | { readonly kind: 'close' };

export type FromWorker =
  /** The objective is made; runs may come. */
  | { readonly kind: 'ready' }
  /** The event loop turns. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly trial: number; readonly done: number; readonly total: number }
  | { readonly kind: 'end'; readonly trial: number; readonly end: RunEnd; readonly seconds: number };
