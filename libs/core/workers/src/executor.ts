/**
 * What an executor is: jobs are started, events come back, it is stopped. Whoever has jobs decides; an
 * executor only acts. Ours keeps child processes on this machine (`process-executor.ts`); one that reaches
 * other machines has these four members too.
 */
import type { EndedJob, Job } from './job.js';

export type JobEvent<Result = unknown> =
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | ({ readonly kind: 'end'; readonly id: number } & EndedJob<Result>)
  /** The worker died, or its lease ran out without a word; a late `end` may still come. */
  | { readonly kind: 'lost'; readonly id: number; readonly reason: string };

export interface Executor<Input = unknown, Result = unknown> {
  /** Jobs that it can take at once. */
  readonly capacity: number;
  /** Takes a job; `next` then gives an `end` or a `lost` of it at least, also when it is stopped. */
  start(job: Job<Input>): void;
  /** Resolves with the next event of any job. */
  next(): Promise<JobEvent<Result>>;
  /** Asks all jobs to stop, and waits for them (at most `graceMs`). */
  stop(graceMs: number): Promise<void>;
}

export interface ExecutorOptions {
  /** URL of the module that exports `createWork`. */
  readonly module: string;
  /** What `createWork` gets; plain data. */
  readonly configuration: unknown;
  readonly workers: number;
  /** Where each worker's output and process number are kept: `worker-1.log`, `worker-1.process`. */
  readonly logFolder: string;
}

/** Makes an executor; the caller knows what its module's work takes and gives. */
export type CreateExecutor<Input, Result> = (options: ExecutorOptions) => Promise<Executor<Input, Result>>;
