/**
 * What a worker process and its executor say to each other over the IPC channel: `process-executor.ts` on one
 * side, `worker.ts` on the other.
 */
import type { JobEvent } from './executor.js';
import type { Job } from './job.js';

/** What a worker is started with, and then told. */
export type ToWorker =
  | { readonly kind: 'create'; readonly module: string; readonly configuration: unknown }
  | { readonly kind: 'start'; readonly job: Job }
  /** Stop the job and say how it ended; then exit. */
  | { readonly kind: 'stop' };

export type FromWorker =
  /** The work is made; jobs may come. */
  | { readonly kind: 'ready' }
  /** The event loop turns. */
  | { readonly kind: 'alive' }
  | Exclude<JobEvent, { kind: 'lost' }>;
