/**
 * The loop of a search: what the study decides goes to the executor, what the executor reports goes to the study. Every decision and
 * result is in the journal before this loop acts on it, and files are deleted after the line that says so; so it can be killed
 * anywhere, and the same call goes on. With one worker it then comes to the trials of a search that was never killed.
 *
 * Checkpoints: one is kept of each paused trial as long as all of them stay within a budget (`checkpoint-budget.ts`); those of
 * trials that have ended go at once (`trial-folder.ts`). No run starts where there is no room for what it may write.
 */
import { checkpointsToDrop } from './checkpoint-budget.js';
import type { Executor, ExecutorEvent } from './executor.js';
import { isDiskFull } from './file-errors.js';
import type { RunEnd, RunRequest } from './objective.js';
import { fullFidelity } from './settings.js';
import type { Value } from './space.js';
import type { StudyState } from './state.js';
import type { Asked, Study } from './study.js';
import {
  checkpointBytes,
  freeBytes,
  makeTrialFolder,
  mayKeepFiles,
  removeCheckpoint,
  removeOrphans,
} from './trial-folder.js';

/** What a search looks like at a moment: for a live table. */
export interface SearchView {
  readonly state: StudyState;
  /** By trial: steps done of those that its run takes, as last heard; 0 of 0 before it said a word. */
  readonly running: ReadonlyMap<number, { readonly done: number; readonly total: number }>;
}

export interface RunSearchOptions {
  /** Every trial gets a folder of its own in it: `<folder>/trials/<number>`. */
  readonly folder: string;
  /** Bytes of checkpoints of paused trials. */
  readonly checkpointBudget: number;
  /** Aborted to stop soon: all runs stop with a checkpoint. */
  readonly signal: AbortSignal;
  /** For that, and before workers that do not stop are killed. */
  readonly graceMs?: number;
  /** Told after every decision, result and report of progress. */
  readonly onChange: (view: SearchView) => void;
}

export type SearchEnd =
  | { readonly kind: 'done'; readonly reason: string }
  /** By the signal; the same call continues. */
  | { readonly kind: 'interrupted' }
  /** Nothing can go on (the disk is full): one sentence for a person. The same call continues once that is mended. */
  | { readonly kind: 'halted'; readonly reason: string };

/** A run's worker may be lost that often without having come further: then it is the trial's fault. */
const lossesBorne = 5;
/** A run writes a new checkpoint before it removes the old one, and may keep two. */
const checkpointsARun = 3;
/** For the journal, logs and results. */
const marginBytes = 16 * 2 ** 20;

type Run = Extract<Asked, { kind: 'run' }>;

/**
 * Runs a search to its end. The study (and so its journal) is the caller's, to read and to close; the executor is closed when this
 * returns, and its workers have ended. The study has to be opened before the executor is made: its lock keeps a second search
 * from ending the workers of the first.
 * @throws InputError when the journal or a folder cannot be written for another reason than a full disk, or the executor gives up
 */
export async function runSearch(
  study: Study,
  executor: Executor,
  { folder, checkpointBudget, signal, graceMs = 20_000, onChange }: RunSearchOptions,
): Promise<SearchEnd> {
  /** Runs that the executor has, as far as they are known to be. */
  const running = new Map<number, { done: number; total: number }>();
  /** The last request of each trial, for ends that come after their worker was given up. */
  const requests = new Map<number, RunRequest>();
  const losses = new Map<number, { count: number; done: number }>();
  let largest = Math.max(0, ...study.state.trials.map(({ checkpoint }) => checkpoint?.bytes ?? 0));
  const full = fullFidelity(study.state.settings);
  let end: SearchEnd | null = null;
  let closing: Promise<void> | null = null;

  /** The first reason counts. Runs that are under way stop with a checkpoint; what becomes of them still comes out of `next`. */
  const finish = (how: SearchEnd): void => {
    end ??= how;
    closing ??= executor.close(graceMs);
  };
  const halt = (why: string): void =>
    finish({ kind: 'halted', reason: `${why}; make room, then go on with the same command.` });
  const unlessFull = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      halt(error instanceof Error ? error.message : String(error));
    }
  };
  const changed = (): void => onChange({ state: study.state, running });

  /** Gives runs to the executor as long as it has room. */
  const fill = (): void => {
    while (end === null && running.size < executor.capacity) {
      const asked = study.ask();
      if (asked.kind === 'done') finish(asked);
      if (asked.kind !== 'run') return;
      start(asked);
      changed();
    }
  };

  const start = ({ trial, values, fidelity, from, seed }: Run): void => {
    const own = makeTrialFolder(folder, trial);
    const needed = checkpointsARun * largest + marginBytes;
    const free = freeBytes(own);
    if (free < needed) {
      halt(
        `${megabytes(needed)} have to be free in ${folder} before a run begins, and only ${megabytes(free)} are`,
      );
      return study.stop(trial);
    }
    const { space } = study.state.settings;
    const named = Object.fromEntries(space.names.map((name, i): [string, Value] => [name, values[i] ?? '']));
    const request = { trial, values: named, seed, from, to: fidelity, full, folder: own };
    requests.set(trial, request);
    running.set(trial, { done: 0, total: 0 });
    executor.take(request);
  };

  const hear = (event: ExecutorEvent): void => {
    const { trial } = event;
    if (event.kind === 'progress') {
      if (running.has(trial)) running.set(trial, { done: event.done, total: event.total });
    } else if (event.kind === 'lost') {
      const { done } = running.get(trial) ?? { done: 0 };
      running.delete(trial);
      lose(trial, done, event.reason);
    } else {
      running.delete(trial);
      take(trial, event.end, event.seconds);
      tidy(trial);
    }
  };

  /** Whether a trial's runs end again and again at the same place without a result; while closing, it is this loop that ends them. */
  const isHopeless = (trial: number, done: number): boolean => {
    const before = losses.get(trial) ?? { count: 0, done: 0 };
    const count = done > before.done ? 1 : before.count + 1;
    losses.set(trial, { count, done: Math.max(done, before.done) });
    return end === null && count >= lossesBorne;
  };
  const giveUp = (trial: number, why: string): void => {
    study.fail(
      trial,
      'failed',
      `its run ended ${lossesBorne} times at the same place without a result: ${why}`,
    );
    tidy(trial);
  };

  const lose = (trial: number, done: number, reason: string): void => {
    if (isHopeless(trial, done)) giveUp(trial, reason);
    else study.stale(trial, reason);
  };

  const take = (trial: number, how: RunEnd, seconds: number): void => {
    const to = requests.get(trial)?.to;
    if (to === undefined) return;
    if (how.kind === 'stopped') {
      if (how.reason !== undefined) halt(`trial ${trial} could not go on: ${how.reason}`);
      if (isHopeless(trial, how.steps)) giveUp(trial, 'it was stopped by something else');
      else study.stop(trial);
    } else if (how.kind === 'measured') {
      const { reward, measures, steps } = how;
      const bytes = checkpointBytes(folder, trial);
      largest = Math.max(largest, bytes);
      const kept = bytes > 0 && to < full ? { checkpoint: bytes } : {};
      study.tell(trial, { reward, fidelity: to, measures, steps, seconds, ...kept });
      // An objective that keeps nothing at this rung has nothing of an earlier one either.
      if (bytes === 0 && study.state.trials[trial]?.checkpoint != null) study.dropCheckpoint(trial);
    } else study.fail(trial, how.kind, how.message, { steps: how.steps, seconds });
  };

  /** Removes what a trial that has ended left, and the checkpoints that the budget has no room for: first the journal, then files. */
  const tidy = (trial: number): void => {
    drop(checkpointsToDrop(study.state, checkpointBudget));
    if (!mayKeepFiles(study.state.trials[trial])) removeCheckpoint(folder, trial);
  };
  const drop = (trials: readonly number[]): void => {
    for (const trial of trials) {
      study.dropCheckpoint(trial);
      removeCheckpoint(folder, trial);
    }
  };
  /** What a search that was killed left undone, or somebody did to its folders meanwhile. */
  const mend = (): void => {
    const missing = study.state.trials.filter(
      ({ number, checkpoint }) => checkpoint !== null && checkpointBytes(folder, number) === 0,
    );
    drop(missing.map(({ number }) => number));
    drop(checkpointsToDrop(study.state, checkpointBudget));
    removeOrphans(folder, study.state);
  };

  const interrupt = (): void => finish({ kind: 'interrupted' });
  signal.addEventListener('abort', interrupt);
  try {
    if (signal.aborted) interrupt();
    unlessFull(mend);
    for (;;) {
      unlessFull(fill);
      if (running.size === 0 && end !== null) return end;
      const event = await executor.next();
      unlessFull(() => hear(event));
      changed();
    }
  } finally {
    signal.removeEventListener('abort', interrupt);
    await (closing ?? executor.close(graceMs));
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
