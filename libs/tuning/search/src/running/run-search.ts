/**
 * The loop of a search: what the study decides goes to the executor, what the executor reports goes to the
 * study. Every decision and result is in the journal before this loop acts on it, and files are deleted after
 * the line that says so; so it can be killed anywhere, and the same call goes on. With one worker it then
 * comes to the trials of a search that was never killed.
 *
 * Checkpoints: one is kept of each paused trial as long as all of them stay within a budget, and those of
 * trials that have ended go at once (`checkpoint-keeping.ts`). No run begins where there is no room for what
 * it may write.
 */
import { isDiskFull } from '@layerwise/errors';
import type { Executor, Job, JobEvent } from '@layerwise/workers';
import { mendCheckpoints, tidyCheckpoints } from '../checkpoints/checkpoint-keeping.js';
import { runEndOf, type RunEnd, type RunRequest } from './objective.js';
import { fullFidelity } from '../schedulers/hyperband.js';
import type { StudyState } from '../study/state.js';
import type { Instruction, Study } from '../study/study.js';
import { checkpointBytes, endLeftCommands, freeBytes, makeTrialFolder } from '../checkpoints/trial-folder.js';

/** What a search looks like at a moment: for a live table. */
export interface SearchView {
  readonly state: StudyState;
  /** By trial: steps done of those that its run takes, as last heard; 0 of 0 before it said a word. */
  readonly running: ReadonlyMap<number, { readonly done: number; readonly total: number }>;
}

type Run = Extract<Instruction, { kind: 'run' }>;

export interface RunSearchOptions {
  /** Every trial gets a folder of its own in it: `<folder>/trials/<number>`. */
  readonly folder: string;
  /** Bytes of checkpoints of paused trials. */
  readonly checkpointBudget: number;
  /** Aborted to stop soon: all runs stop with a checkpoint. */
  readonly signal: AbortSignal;
  /**
   * For that; then workers are killed, which costs what they did since their last checkpoint. Longer than an
   * objective gives a command of its own, so that its end is still heard of.
   */
  readonly graceMs?: number;
  /** Told after every decision, result and report of progress. */
  readonly onChange: (view: SearchView) => void;
}

export type SearchEnd =
  | { readonly kind: 'done'; readonly reason: string }
  /** By the signal; the same call continues. */
  | { readonly kind: 'interrupted' }
  /** Nothing can go on (the disk is full), in a sentence. The same call continues once that is mended. */
  | { readonly kind: 'halted'; readonly reason: string };

/** A run may keep two checkpoints, and writes a new one before it takes an old one's place. */
const checkpointsOfARun = 3;
/** For the journal, logs and results. */
const marginBytes = 16 * 2 ** 20;
/** Lost runs of a trial at the same place that are borne: more than bad luck brings. */
const mostLosses = 19;

/**
 * Runs a search to its end. The study, and so its journal, stays the caller's to read and to close; the
 * executor is stopped, and its workers and their commands have ended, when this returns. Open the study before
 * the executor is made: its lock keeps a second search from ending the workers of the first.
 * @throws InputError when the journal or a folder cannot be written for another reason than a full disk, and
 * what the executor throws
 */
export async function runSearch(
  study: Study,
  executor: Executor<RunRequest, RunEnd>,
  { folder, checkpointBudget, signal, graceMs = 30_000, onChange }: RunSearchOptions,
): Promise<SearchEnd> {
  const keeping = { folder, budget: checkpointBudget };
  /** Runs that the executor has, as far as it is known. */
  const running = new Map<number, { done: number; total: number }>();
  /** The last request of each trial: an end may come after its worker was given up. */
  const requests = new Map<number, RunRequest>();
  const isTolerated = lossCount();
  let largest = Math.max(0, ...study.state.trials.map(({ checkpoint }) => checkpoint?.bytes ?? 0));

  /** The first reason to end counts. Runs under way stop with a checkpoint, and still tell how they ended. */
  const ending: { end: SearchEnd | null; stopped: Promise<void> | null } = { end: null, stopped: null };
  const finish = (end: SearchEnd): SearchEnd => {
    ending.stopped ??= executor.stop(graceMs);
    return (ending.end ??= end);
  };
  const halt = (why: string): SearchEnd =>
    finish({ kind: 'halted', reason: `${why}; make room, then give the same command to go on.` });
  const haltIfFull = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Error && isDiskFull(error))) throw error;
      halt(error.message);
    }
  };

  /** Gives runs to the executor as long as it has room. */
  const startRuns = (): void => {
    while (ending.end === null && running.size < executor.capacity) {
      const next = study.ask();
      if (next.kind === 'done') finish(next);
      if (next.kind === 'wait' && running.size === 0)
        throw new Error('the study waits for a run that was given to somebody else');
      if (next.kind !== 'run') return;
      startRun(next);
      onChange({ state: study.state, running });
    }
  };

  const startRun = (run: Run): void => {
    const job = jobOf(study.state, run, makeTrialFolder(folder, run.trial));
    const needed = checkpointsOfARun * largest + marginBytes;
    const free = freeBytes(job.folder);
    if (free < needed) {
      study.stop(run.trial);
      halt(`${megabytes(needed)} must be free in ${folder} for a run to begin, and ${megabytes(free)} are`);
      return;
    }
    requests.set(run.trial, job.input);
    running.set(run.trial, { done: 0, total: 0 });
    executor.start(job);
  };

  const handle = (event: JobEvent<RunEnd>): void => {
    const trial = event.id;
    if (event.kind === 'progress') {
      if (running.has(trial)) running.set(trial, { done: event.done, total: event.total });
      return;
    }
    const { done } = running.get(trial) ?? { done: 0 };
    running.delete(trial);
    if (event.kind === 'lost') retryLater(trial, done, event.reason, () => study.stale(trial, event.reason));
    else record(trial, runEndOf(event.end), event.seconds);
    tidyCheckpoints(study, keeping, [trial]);
  };

  /** A run without a result goes on later, unless that failed too often; while closing, this loop ends it. */
  const retryLater = (trial: number, done: number, why: string, later: () => void): void => {
    if (ending.end !== null || isTolerated(trial, done)) later();
    else
      study.fail(trial, 'failed', `its runs end at the same place without a result: ${why}`, { steps: done });
  };

  const record = (trial: number, end: RunEnd, seconds: number): void => {
    const request = requests.get(trial);
    if (request === undefined) return;
    if (end.kind === 'stopped') {
      if (end.reason !== undefined) halt(`trial ${trial} cannot go on: ${end.reason}`);
      retryLater(trial, end.steps, 'something stops them', () => study.stop(trial));
    } else if (end.kind === 'measured') {
      const bytes = checkpointBytes(folder, trial);
      largest = Math.max(largest, bytes);
      const { kind: _, ...result } = end;
      const kept = bytes > 0 && request.to < request.full ? { checkpoint: bytes } : {};
      study.tell(trial, { ...result, fidelity: request.to, seconds, ...kept });
    } else study.fail(trial, end.kind, end.message, { steps: end.steps, seconds });
  };

  const interrupt = (): unknown => finish({ kind: 'interrupted' });
  signal.addEventListener('abort', interrupt);
  try {
    if (signal.aborted) interrupt();
    haltIfFull(() => mendCheckpoints(study, keeping));
    for (;;) {
      haltIfFull(startRuns);
      if (running.size === 0 && ending.end !== null) return ending.end;
      const event = await executor.next();
      haltIfFull(() => handle(event));
      onChange({ state: study.state, running });
    }
  } catch (error) {
    // A worker that cannot be started again.
    if (!(error instanceof Error && isDiskFull(error))) throw error;
    return halt(error.message);
  } finally {
    signal.removeEventListener('abort', interrupt);
    await (ending.stopped ?? executor.stop(graceMs));
    // A worker that was killed, by whomever, ended no command.
    await endLeftCommands(folder);
  }
}

/**
 * Counts lost runs of a trial, `done` steps far, that came no further: a worker that is killed now and then
 * must cost nothing but time, but values that take every worker with them must not be tried for ever.
 * @returns what says whether one more is borne
 */
function lossCount(): (trial: number, done: number) => boolean {
  const losses = new Map<number, { count: number; furthest: number }>();
  return (trial, done) => {
    const { count, furthest } = losses.get(trial) ?? { count: 0, furthest: -1 };
    const now = done > furthest ? 1 : count + 1;
    losses.set(trial, { count: now, furthest: Math.max(done, furthest) });
    return now <= mostLosses;
  };
}

function jobOf({ settings }: StudyState, run: Run, folder: string): Job<RunRequest> {
  const { trial, seed, from, fidelity: to } = run;
  const values = Object.fromEntries(settings.space.names.map((name, i) => [name, run.values[i]!]));
  return { id: trial, folder, input: { trial, values, seed, from, to, full: fullFidelity(settings.plan) } };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
