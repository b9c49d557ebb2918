/**
 * The main file of a worker process: imports the objective's module, makes the objective, and runs what it is
 * given, one run at a time. `process-executor.ts` starts it and talks with it (`worker-messages.ts`).
 *
 * It lives as long as its parent: when the channel closes it stops its run with a checkpoint and exits.
 * Ctrl-C at a terminal reaches the whole process group, so SIGINT is left to the parent; SIGTERM stops as the
 * parent's word does.
 */
import type { CreateObjective, Objective, RunRequest } from '../running/objective.js';
import { runObjective } from '../running/run-objective.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** Between signs of life, and at least between reports of progress. */
const aliveMs = 1000;
const progressMs = 100;
/** Without a parent, a run that does not stop is given up after this. */
const orphanMs = 30_000;

let objective: Objective | null = null;
let running: AbortController | null = null;
let closing = false;

// Written at once where the pipe has room, so that an objective that never lets the event loop turn is heard
// too.
function say(message: FromWorker): void {
  // A parent that is gone is seen by `disconnect`; what could not be said then is lost with it.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

function close(): void {
  closing = true;
  if (running === null) leave();
  else running.abort();
}

/**
 * Closes the channel when what was said is out; nothing then keeps the process but what the objective left
 * open.
 */
function leave(): void {
  if (!process.connected) process.exit(0);
  process.send?.({ kind: 'alive' } satisfies FromWorker, undefined, {}, () => process.exit(0));
}

async function start(module: string, configuration: unknown): Promise<void> {
  const loaded = (await import(module)) as { createObjective?: CreateObjective };
  if (typeof loaded.createObjective !== 'function')
    throw new Error(`${module} has no export createObjective: an objective's module needs it.`);
  objective = await loaded.createObjective(configuration);
  say({ kind: 'ready' });
}

async function run(request: RunRequest): Promise<void> {
  if (objective === null) throw new Error('a run came before the objective was made');
  const controller = new AbortController();
  running = controller;
  if (closing) controller.abort();
  const { trial } = request;
  let told = -Infinity;
  const heartbeat = (done: number, total: number): void => {
    const now = performance.now();
    if (now - told < progressMs && done < total) return;
    told = now;
    say({ kind: 'progress', trial, done, total });
  };
  const finished = await runObjective(objective, request, { signal: controller.signal, heartbeat }, (error) =>
    console.error(error),
  );
  running = null;
  say({ kind: 'end', trial, ...finished });
  if (closing) leave();
}

/** What goes wrong outside of a run ends the worker; the executor reads its last words from the log. */
function give(work: Promise<void>): void {
  work.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') give(start(message.module, message.configuration));
  else if (message.kind === 'run') give(run(message.request));
  else close();
});
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), orphanMs).unref();
  close();
});
process.on('SIGINT', () => undefined);
process.on('SIGTERM', close);
setInterval(() => say({ kind: 'alive' }), aliveMs).unref();
