/**
 * What workers do. A module, known by its URL, exports `createWork`, which makes a function out of plain data
 * once in each worker; a job is one call of it, with a folder of its own.
 *
 * One run of a job always ends as a `JobEnd`: what it throws is a failure of this job alone. A full disk is
 * no job's fault: the job is stopped, and says why.
 */
import { isDiskFull } from '@layerwise/errors';

/** Plain data that goes to a worker: JSON, and numbers that JSON does not know. */
export interface Job<Input = unknown> {
  /** The caller's own. Two jobs with one id are the same work: they are never under way at once. */
  readonly id: number;
  /** In which it may write; a job that goes on finds there what a killed one left. */
  readonly folder: string;
  readonly input: Input;
}

export interface JobContext {
  readonly folder: string;
  /** Aborted to stop soon: the job saves what it needs to go on, and throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Tells that the job is alive and how far it is, in a unit of its own. */
  readonly progress: (done: number, total: number) => void;
}

/** What a module's `createWork` makes: input in, result out, both plain data. */
export type Work<Input = unknown, Result = unknown> = (input: Input, context: JobContext) => Promise<Result>;

/** What the module of some work exports. */
export type CreateWork<Input, Result> = (configuration: unknown) => Promise<Work<Input, Result>>;

export type JobEnd<Result = unknown> =
  | { readonly kind: 'done'; readonly result: Result }
  /** It threw; `done` as it told last. */
  | { readonly kind: 'failed'; readonly message: string; readonly done: number }
  /** As it was asked to; with a `reason` nobody asked, but no job can go on (the disk is full). */
  | { readonly kind: 'stopped'; readonly done: number; readonly reason?: string };

export interface EndedJob<Result = unknown> {
  readonly end: JobEnd<Result>;
  readonly seconds: number;
}

/** @param onError told what was thrown, stack and all, for a log */
export async function runJob<Input, Result>(
  work: Work<Input, Result>,
  { input, folder }: Job<Input>,
  { signal, progress }: Omit<JobContext, 'folder'>,
  onError: (error: unknown) => void = () => undefined,
): Promise<EndedJob<Result>> {
  const began = performance.now();
  let done = 0;
  const context: JobContext = {
    folder,
    signal,
    progress: (now, total) => {
      done = now;
      progress(now, total);
    },
  };
  const ended = (end: JobEnd<Result>) => ({ end, seconds: (performance.now() - began) / 1000 });
  try {
    return ended({ kind: 'done', result: await work(input, context) });
  } catch (error) {
    if (signal.aborted && error instanceof Error && error.name === 'AbortError')
      return ended({ kind: 'stopped', done });
    onError(error);
    const message = sentenceOf(error);
    return ended(
      isDiskFull(error) ? { kind: 'stopped', done, reason: message } : { kind: 'failed', message, done },
    );
  }
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim() === '' ? 'it failed without a word' : message;
}
