/**
 * The main file of a worker process: imports the module, makes its work, and does the jobs that it is given,
 * one at a time. `process-executor.ts` starts it and talks with it (`worker-messages.ts`).
 *
 * It lives as long as its parent: when the channel closes it stops its job and exits. Ctrl-C
 * at a terminal reaches the whole process group, so SIGINT is left to the parent; SIGTERM stops as the
 * parent's word does.
 */
import { runJob, type CreateWork, type Job, type Work } from './job.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** Between signs of life, and at least between reports of progress. */
const aliveMs = 1000;
const progressMs = 100;
/** Without a parent, a job that does not stop is given up after this. */
const orphanMs = 30_000;

let work: Work | null = null;
let running: AbortController | null = null;
let closing = false;

// Written at once where the pipe has room, so that work that never lets the event loop turn is heard too.
function say(message: FromWorker): void {
  // A parent that is gone is seen by `disconnect`; what could not be said then is lost with it.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

function stop(): void {
  closing = true;
  if (running === null) leave();
  else running.abort();
}

/** Closes the channel when what was said is out: only what the work left open then keeps the process. */
function leave(): void {
  if (!process.connected) process.exit(0);
  process.send?.({ kind: 'alive' } satisfies FromWorker, undefined, {}, () => process.exit(0));
}

async function create(module: string, configuration: unknown): Promise<void> {
  const loaded = (await import(module)) as { createWork?: CreateWork<unknown, unknown> };
  if (typeof loaded.createWork !== 'function')
    throw new Error(`${module} has no export createWork: a worker's module needs it.`);
  work = await loaded.createWork(configuration);
  say({ kind: 'ready' });
}

async function start(job: Job): Promise<void> {
  if (work === null) throw new Error('a job came before the work was made');
  const controller = new AbortController();
  running = controller;
  if (closing) controller.abort();
  const { id } = job;
  let lastSaid = -Infinity;
  const progress = (done: number, total: number): void => {
    const now = performance.now();
    if (now - lastSaid < progressMs && done < total) return;
    lastSaid = now;
    say({ kind: 'progress', id, done, total });
  };
  const ended = await runJob(work, job, { signal: controller.signal, progress }, (error) =>
    console.error(error),
  );
  running = null;
  say({ kind: 'end', id, ...ended });
  if (closing) leave();
}

/** What goes wrong outside of a job ends the worker; the executor reads its last words from the log. */
function exitOnError(task: Promise<void>): void {
  task.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

// They are a log, and a full disk under it is no reason to end a job.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.on('message', (message: ToWorker) => {
  if (message.kind === 'create') exitOnError(create(message.module, message.configuration));
  else if (message.kind === 'start') exitOnError(start(message.job));
  else stop();
});
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), orphanMs).unref();
  stop();
});
process.on('SIGINT', () => undefined);
process.on('SIGTERM', stop);
setInterval(() => say({ kind: 'alive' }), aliveMs).unref();
