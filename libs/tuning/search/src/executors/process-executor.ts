/**
 * An executor that keeps worker processes on this machine (`worker.ts`) and gives each of them one run at a
 * time.
 *
 * A run is leased: a worker that says nothing for `leaseSeconds` loses it, and `lost` tells so. A step of
 * training may hold up a worker's event loop for long, so silence is not death: the worker keeps its process,
 * and an end that it reports late is still handed on. Only when its trial is given out again, or no other
 * worker is free, is it killed: two processes never write into one trial's folder. Death is seen at once,
 * whatever the lease; the worker is then started again.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@layerwise/errors';
import { createEventQueue } from './event-queue.js';
import type { Executor, ExecutorEvent } from './executor.js';
import { explainedSync } from '../journal/file-errors.js';
import type { RunRequest } from '../running/objective.js';
import { endMarkedProcess, markProcess } from './process-mark.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

export interface ProcessExecutorOptions {
  /** URL of the module that exports `createObjective`. */
  readonly module: string;
  /** What `createObjective` gets; plain data. */
  readonly configuration: unknown;
  readonly workers: number;
  /** Where each worker's output and process number are kept: `worker-1.log`, `worker-1.process`. */
  readonly logFolder: string;
  /** Longer than the longest step of an objective that never lets the event loop turn. */
  readonly leaseSeconds?: number;
  /** Workers of an earlier search that still end their runs in these folders get this long. */
  readonly leftoverMs?: number;
  /** Environment of the workers. */
  readonly env?: NodeJS.ProcessEnv;
}

/** From `src`, where tests run, and from `dist` alike: a child process needs the built file. */
const workerFile = fileURLToPath(new URL('../../dist/executors/worker.js', import.meta.url));
/** Deaths in a row, of all workers together, before one of them made its objective. */
const deathsAllowed = 5;
const linesOfLog = 12;
/** A worker may load its modules for that long without a word. */
const startSeconds = 60;

interface Worker {
  readonly log: string;
  readonly mark: string;
  process: ChildProcess | null;
  ready: boolean;
  /** What it runs; a run that was lost for its silence stays here until it ends or is given out again. */
  request: RunRequest | null;
  /** Seconds without a word, as far as this process was awake to hear one. */
  silence: number;
  lost: boolean;
  /** Given to it while its process is being ended, for the next one. */
  upcoming: RunRequest | null;
  /** Called when its last process has ended. */
  gone: () => void;
}

/**
 * Starts the workers. Worker processes of an earlier search with the same `logFolder` are waited for, then
 * ended. `next` rejects with an InputError when workers die again and again before they have made their
 * objective.
 * @throws InputError if `logFolder` cannot be made or written.
 */
export async function createProcessExecutor(options: ProcessExecutorOptions): Promise<Executor> {
  const { leaseSeconds = 120, leftoverMs = 30_000, logFolder } = options;
  explainedSync('make the folder', logFolder, () => mkdirSync(logFolder, { recursive: true }));
  const events = createEventQueue<ExecutorEvent>();
  const workers = Array.from({ length: options.workers }, (_, i): Worker => {
    const name = join(logFolder, `worker-${i + 1}`);
    return {
      log: `${name}.log`,
      mark: `${name}.process`,
      process: null,
      ready: false,
      request: null,
      silence: 0,
      lost: false,
      upcoming: null,
      gone: () => undefined,
    };
  });
  // Without a parent they stop by themselves; all that is needed is patience.
  const ending = { graceMs: leftoverMs, ask: null, group: false };
  // All of them: the earlier search may have had more workers than this one.
  const marks = readdirSync(logFolder).filter((name) => /^worker-\d+\.process$/.test(name));
  await Promise.all(marks.map((name) => endMarkedProcess(join(logFolder, name), ending)));

  let deaths = 0;
  let closing = false;

  const tell = (worker: Worker, message: ToWorker): void => {
    // A channel that broke is seen by `exit`.
    if (worker.process?.connected === true) worker.process.send(message, () => undefined);
  };
  const give = (worker: Worker, request: RunRequest): void => {
    worker.request = request;
    worker.lost = false;
    worker.silence = 0;
    if (worker.ready) tell(worker, { kind: 'run', request });
  };

  /** @throws InputError when its log or mark cannot be written: no other worker is started then. */
  const start = (worker: Worker): void => {
    try {
      begin(worker);
    } catch (error) {
      closing = true;
      worker.process?.kill('SIGKILL');
      throw error;
    }
  };
  const begin = (worker: Worker): void => {
    const log = explainedSync('write', worker.log, () => openSync(worker.log, 'a'));
    const child = fork(workerFile, [], {
      // Output goes to a file, not through this process: it outlives both, and never mixes with a result on
      // stdout.
      stdio: ['ignore', log, log, 'ipc'],
      serialization: 'advanced',
      execArgv: [],
      ...(options.env !== undefined && { env: options.env }),
    });
    closeSync(log);
    worker.process = child;
    worker.ready = false;
    worker.silence = 0;
    child.on('message', (message: FromWorker) => {
      if (worker.process === child) hear(worker, message);
    });
    void deathOf(child).then((how) => bury(worker, how));
    // Before it gets a run: a worker that nobody knows of must never write into a trial's folder.
    const { pid } = child;
    if (pid !== undefined) explainedSync('write', worker.mark, () => markProcess(worker.mark, pid));
    tell(worker, { kind: 'start', module: options.module, configuration: options.configuration });
  };

  const hear = (worker: Worker, message: FromWorker): void => {
    worker.silence = 0;
    if (message.kind === 'ready') {
      deaths = 0;
      worker.ready = true;
      if (worker.request !== null) tell(worker, { kind: 'run', request: worker.request });
    } else if (message.kind === 'progress') {
      if (worker.request?.trial === message.trial && !worker.lost) events.put(message);
    } else if (message.kind === 'end') {
      // What it was to run next is this very run, if that was given out again before its late end came.
      if (worker.upcoming?.trial === message.trial) worker.upcoming = null;
      worker.request = null;
      worker.lost = false;
      events.put(message);
    }
  };

  const bury = (worker: Worker, how: string): void => {
    const { request, upcoming, ready, lost } = worker;
    worker.process = null;
    worker.request = upcoming;
    worker.upcoming = null;
    worker.lost = false;
    const reason = `its worker ended ${how}${lastWords(worker.log)}`;
    if (request !== null && !lost) events.put({ kind: 'lost', trial: request.trial, reason });
    if (closing) {
      if (upcoming !== null) events.put({ kind: 'lost', trial: upcoming.trial, reason });
      worker.gone();
      return;
    }
    if (!ready && ++deaths >= deathsAllowed) {
      const lines = tail(worker.log, linesOfLog).join('\n');
      events.fail(
        new InputError(
          `workers ended ${deaths} times in a row before they had made the objective; ${worker.log} says:\n${lines}`,
        ),
      );
      return;
    }
    try {
      start(worker);
    } catch (error) {
      events.fail(error instanceof Error ? error : new Error(String(error)));
    }
  };

  /** Ends a silent worker's process; a new one takes `request`. */
  const replace = (worker: Worker, request: RunRequest): void => {
    if (worker.upcoming !== null)
      events.put({ kind: 'lost', trial: worker.upcoming.trial, reason: 'another run took its place' });
    worker.upcoming = request;
    worker.process?.kill('SIGKILL');
  };

  // Time is counted in ticks, and no tick for more than two: while this process itself slept, nobody could be
  // heard.
  const tick = Math.max(0.01, leaseSeconds / 20);
  let last = performance.now();
  const watch = setInterval(() => {
    const now = performance.now();
    const passed = Math.min((now - last) / 1000, 2 * tick);
    last = now;
    for (const worker of workers) {
      if (worker.request === null || worker.lost || worker.process === null) continue;
      worker.silence += passed;
      const lease = worker.ready ? leaseSeconds : Math.max(leaseSeconds, startSeconds);
      if (worker.silence < lease) continue;
      worker.lost = true;
      const reason = `its worker said nothing for ${lease} s`;
      events.put({ kind: 'lost', trial: worker.request.trial, reason });
    }
  }, tick * 1000);
  watch.unref();

  try {
    for (const worker of workers) start(worker);
  } catch (error) {
    for (const worker of workers) worker.process?.kill('SIGKILL');
    clearInterval(watch);
    throw error;
  }

  return {
    capacity: workers.length,
    take: (request) => {
      const holder = workers.find((worker) => worker.lost && worker.request?.trial === request.trial);
      const free = workers.find((worker) => worker.request === null && worker.upcoming === null);
      const silent = workers.find((worker) => worker.lost && worker.upcoming === null);
      if (holder !== undefined) replace(holder, request);
      else if (free !== undefined) give(free, request);
      else if (silent !== undefined) replace(silent, request);
      else throw new Error('a run was given to an executor without a free worker');
    },
    next: () => events.next(),
    close: async (graceMs) => {
      closing = true;
      const ended = Promise.all(workers.map(lastExit));
      for (const worker of workers) tell(worker, { kind: 'close' });
      const timer = setTimeout(() => {
        for (const worker of workers) worker.process?.kill('SIGKILL');
      }, graceMs);
      await ended;
      clearTimeout(timer);
      clearInterval(watch);
    },
  };
}

function lastExit(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.process === null) resolve();
    else worker.gone = resolve;
  });
}

/** Resolves when a process has ended and all that it said was heard, with how it ended. */
function deathOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const heard = new Promise<void>((done) => child.once('disconnect', () => done()));
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(`before it began (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      // Whoever inherited the channel could hold it open.
      const patience = setTimeout(() => resolve(how), 1000);
      void heard.then(() => {
        clearTimeout(patience);
        resolve(how);
      });
    });
  });
}

/** The last line of a log, as the end of a sentence. */
function lastWords(log: string): string {
  const line = tail(log, 1)[0];
  return line === undefined ? '' : `; its last line: ${line}`;
}

/** The last lines of a file that are not empty, from its last 16 KiB; none of one that somebody deleted. */
function tail(log: string, lines: number): string[] {
  if (!existsSync(log)) return [];
  const file = openSync(log, 'r');
  try {
    const size = fstatSync(file).size;
    const buffer = Buffer.alloc(Math.min(size, 16_384));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const written = buffer.toString('utf8').split('\n');
    return written.filter((line) => line.trim() !== '').slice(-lines);
  } finally {
    closeSync(file);
  }
}
