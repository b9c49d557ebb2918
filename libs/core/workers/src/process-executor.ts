/**
 * An executor that keeps worker processes on this machine (`worker.ts`) and gives each of them one job at a
 * time.
 *
 * A job is leased: a worker that says nothing for `leaseSeconds` loses it, and `lost` tells so. A step of
 * its work may hold up a worker's event loop for long, so silence is not death: the worker keeps its process,
 * and an end that it reports late is still handed on. Only when its job is started again, or no other worker
 * is free, is it killed: two processes never write into one job's folder. Death is seen at once, whatever the
 * lease; the worker is then started again.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainedSync, InputError, makeFolder } from '@layerwise/errors';
import { createEventQueue } from './event-queue.js';
import type { Executor, ExecutorOptions, JobEvent } from './executor.js';
import type { Job } from './job.js';
import { lastLines } from './last-lines.js';
import { endMarkedProcess, markProcess } from './process-mark.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

export interface ProcessExecutorOptions extends ExecutorOptions {
  /** Longer than the longest step of work that never lets the event loop turn. */
  readonly leaseSeconds?: number;
  /** Workers of an earlier executor that still end their jobs get this long. */
  readonly leftoverMs?: number;
  /** Environment of the workers. */
  readonly env?: NodeJS.ProcessEnv;
}

/** From `src`, where tests run, and from `dist` alike: a child process needs the built file. */
const workerFile = fileURLToPath(new URL('../dist/worker.js', import.meta.url));
/** Deaths in a row, of all workers together, before one of them made its work. */
const deathsAllowed = 5;
const linesOfLog = 12;
/** A worker may load its modules for that long without a word. */
const startSeconds = 60;

interface Worker {
  readonly log: string;
  readonly mark: string;
  process: ChildProcess | null;
  ready: boolean;
  /** What it does; a job that was lost for its silence stays here until it ends or is started again. */
  job: Job | null;
  /** Seconds without a word, as far as this process was awake to hear one. */
  silence: number;
  lost: boolean;
  /** Given to it while its process is being ended, for the next one. */
  upcoming: Job | null;
  /** Called when its last process has ended. */
  onLastExit: () => void;
}

/**
 * Starts the workers. Worker processes of an earlier executor with the same `logFolder` are waited for, then
 * ended. `next` rejects with an InputError when workers die again and again before they have made their work.
 * @throws InputError if `logFolder` cannot be made or written.
 */
export async function createProcessExecutor<Input, Result>(
  options: ProcessExecutorOptions,
): Promise<Executor<Input, Result>> {
  const { leaseSeconds = 120, leftoverMs = 30_000, logFolder } = options;
  makeFolder(logFolder);
  const events = createEventQueue<JobEvent>();
  const workers = Array.from({ length: options.workers }, (_, i): Worker => {
    const name = join(logFolder, `worker-${i + 1}`);
    return {
      log: `${name}.log`,
      mark: `${name}.process`,
      process: null,
      ready: false,
      job: null,
      silence: 0,
      lost: false,
      upcoming: null,
      onLastExit: () => undefined,
    };
  });
  // Without a parent they stop by themselves; all that is needed is patience.
  const ending = { graceMs: leftoverMs, ask: null, group: false };
  // All of them: the earlier executor may have had more workers than this one.
  const marks = readdirSync(logFolder).filter((name) => /^worker-\d+\.process$/.test(name));
  await Promise.all(marks.map((name) => endMarkedProcess(join(logFolder, name), ending)));

  let deaths = 0;
  let closing = false;

  const say = (worker: Worker, message: ToWorker): void => {
    // A channel that broke is seen by `exit`.
    if (worker.process?.connected === true) worker.process.send(message, () => undefined);
  };
  const assign = (worker: Worker, job: Job): void => {
    worker.job = job;
    worker.lost = false;
    worker.silence = 0;
    if (worker.ready) say(worker, { kind: 'start', job });
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
      if (worker.process === child) handleMessage(worker, message);
    });
    void exitOf(child).then((how) => afterExit(worker, how));
    // Before it gets a job: a worker that nobody knows of must never write into a job's folder.
    const { pid } = child;
    if (pid !== undefined) explainedSync('write', worker.mark, () => markProcess(worker.mark, pid));
    say(worker, { kind: 'create', module: options.module, configuration: options.configuration });
  };

  const handleMessage = (worker: Worker, message: FromWorker): void => {
    worker.silence = 0;
    if (message.kind === 'ready') {
      deaths = 0;
      worker.ready = true;
      if (worker.job !== null) say(worker, { kind: 'start', job: worker.job });
    } else if (message.kind === 'progress') {
      if (worker.job?.id === message.id && !worker.lost) events.put(message);
    } else if (message.kind === 'end') {
      // What it was to do next is this very job, if that was started again before its late end came.
      if (worker.upcoming?.id === message.id) worker.upcoming = null;
      worker.job = null;
      worker.lost = false;
      events.put(message);
    }
  };

  const afterExit = (worker: Worker, how: string): void => {
    const { job, upcoming, ready, lost } = worker;
    worker.process = null;
    worker.job = upcoming;
    worker.upcoming = null;
    worker.lost = false;
    const [line] = lastLines(worker.log, 1);
    const reason = `its worker ended ${how}${line === undefined ? '' : `; its last line: ${line}`}`;
    if (job !== null && !lost) events.put({ kind: 'lost', id: job.id, reason });
    if (closing) {
      if (upcoming !== null) events.put({ kind: 'lost', id: upcoming.id, reason });
      worker.onLastExit();
      return;
    }
    if (!ready && ++deaths >= deathsAllowed) {
      const lines = lastLines(worker.log, linesOfLog).join('\n');
      events.fail(
        new InputError(
          `workers ended ${deaths} times in a row before they were ready; ${worker.log} says:\n${lines}`,
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

  /** Ends a silent worker's process; a new one takes the job. */
  const replace = (worker: Worker, job: Job): void => {
    if (worker.upcoming !== null)
      events.put({ kind: 'lost', id: worker.upcoming.id, reason: 'another run took its place' });
    worker.upcoming = job;
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
      if (worker.job === null || worker.lost || worker.process === null) continue;
      worker.silence += passed;
      const lease = worker.ready ? leaseSeconds : Math.max(leaseSeconds, startSeconds);
      if (worker.silence < lease) continue;
      worker.lost = true;
      const reason = `its worker said nothing for ${lease} s`;
      events.put({ kind: 'lost', id: worker.job.id, reason });
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
    start: (job) => {
      const holder = workers.find((worker) => worker.lost && worker.job?.id === job.id);
      const free = workers.find((worker) => worker.job === null && worker.upcoming === null);
      const silent = workers.find((worker) => worker.lost && worker.upcoming === null);
      if (holder !== undefined) replace(holder, job);
      else if (free !== undefined) assign(free, job);
      else if (silent !== undefined) replace(silent, job);
      else throw new Error('a job was given to an executor without a free worker');
    },
    // What comes back is what the module's work gives: its caller knows.
    next: () => events.next() as Promise<JobEvent<Result>>,
    stop: async (graceMs) => {
      closing = true;
      const ended = Promise.all(workers.map(lastExit));
      for (const worker of workers) say(worker, { kind: 'stop' });
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
    else worker.onLastExit = resolve;
  });
}

/** Resolves when a process has ended and all that it said was heard, with how it ended. */
function exitOf(child: ChildProcess): Promise<string> {
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
