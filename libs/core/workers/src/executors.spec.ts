/**
 * Executors: what becomes of jobs, of workers that die or fall silent, and of jobs when their executor or its
 * process ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Executor, JobEvent } from './executor.js';
import { createInlineExecutor } from './inline-executor.js';
import type { CreateWork, Job } from './job.js';
import { createProcessExecutor, type ProcessExecutorOptions } from './process-executor.js';

/** Of `slow-work.mjs`. */
interface Input {
  readonly to: number;
  readonly block?: number;
  readonly fail?: boolean;
  readonly die?: boolean;
  readonly echo?: number;
}
interface Result {
  readonly pid: number;
  readonly began: number;
  readonly echo: number | undefined;
}
type Event = JobEvent<Result>;

const module = new URL('../test/slow-work.mjs', import.meta.url).href;
let folder: string;
let open: Executor<Input, Result>[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-executor-'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((executor) => executor.stop(0)));
  rmSync(folder, { recursive: true, force: true });
});

async function processes(options: Partial<ProcessExecutorOptions> = {}): Promise<Executor<Input, Result>> {
  const logFolder = join(folder, 'workers');
  const executor = await createProcessExecutor<Input, Result>({
    module,
    configuration: {},
    workers: 1,
    logFolder,
    ...options,
  });
  open.push(executor);
  return executor;
}

function job(id: number, what: Partial<Input> = {}, to = 3): Job<Input> {
  const own = join(folder, `job-${id}`);
  mkdirSync(own, { recursive: true });
  return { id, folder: own, input: { to, ...what } };
}

/** The next event that is not progress. */
async function outcome(executor: Executor<Input, Result>): Promise<Exclude<Event, { kind: 'progress' }>> {
  for (;;) {
    const event = await executor.next();
    if (event.kind !== 'progress') return event;
  }
}

/** The next report of progress. */
async function progress(executor: Executor<Input, Result>): Promise<Extract<Event, { kind: 'progress' }>> {
  for (;;) {
    const event = await executor.next();
    if (event.kind === 'progress') return event;
  }
}

const pidOf = (worker: number): number =>
  (JSON.parse(readFileSync(join(folder, 'workers', `worker-${worker}.process`), 'utf8')) as { pid: number })
    .pid;
const isAlive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === false;
  } catch {
    return false;
  }
};
const stepOf = (id: number): number =>
  (JSON.parse(readFileSync(join(folder, `job-${id}`, 'checkpoint.json'), 'utf8')) as { step: number }).step;

it('does jobs in worker processes, one at a time each, and tells progress and ends', async () => {
  const executor = await processes({ workers: 2 });
  executor.start(job(0));
  executor.start(job(1));
  expect(() => executor.start(job(2))).toThrow('without a free worker');
  const ends = [await outcome(executor), await outcome(executor)].sort((a, b) => a.id - b.id);
  expect(ends).toMatchObject([0, 1].map((id) => ({ kind: 'end', id, end: { result: { began: 0 } } })));
  const pids = ends.map((event) => event.kind === 'end' && event.end.kind === 'done' && event.end.result.pid);
  expect(new Set([...pids, process.pid]).size).toBe(3);
  executor.start(job(2));
  expect(await progress(executor)).toMatchObject({ id: 2, total: 3 });
  expect(await outcome(executor)).toMatchObject({ kind: 'end', id: 2 });
});

it('what a job throws is the end of that job alone, in a worker and inline', async () => {
  const { createWork } = (await import(module)) as { createWork: CreateWork<Input, Result> };
  const executors = [await processes(), createInlineExecutor(await createWork({}))];
  for (const [i, executor] of executors.entries()) {
    executor.start(job(2 * i, { fail: true }));
    expect(await outcome(executor)).toMatchObject({ end: { kind: 'failed', message: 'out of memory' } });
    executor.start(job(2 * i + 1));
    expect(await outcome(executor)).toMatchObject({ end: { kind: 'done' } });
  }
});

it('numbers that JSON does not know go to a worker and back', async () => {
  const executor = await processes();
  for (const [id, echo] of [NaN, -Infinity].entries()) {
    executor.start(job(id, { echo }));
    expect(await outcome(executor)).toMatchObject({ end: { kind: 'done', result: { echo } } });
  }
});

it('a worker that dies loses its job, with the reason in words, and is started again', async () => {
  const executor = await processes();
  executor.start(job(0, { die: true }));
  const lost = await outcome(executor);
  expect(lost).toEqual({
    kind: 'lost',
    id: 0,
    reason: 'its worker ended by SIGKILL; its last line: malloc: no memory',
  });
  executor.start(job(1, {}, 200));
  await progress(executor);
  process.kill(pidOf(1), 'SIGKILL');
  expect(await outcome(executor)).toMatchObject({ kind: 'lost', id: 1 });
  const reached = stepOf(1);
  expect(reached).toBeGreaterThan(0);
  executor.start(job(1, {}, reached + 4));
  // It goes on from the checkpoint that the dead worker left.
  expect(await outcome(executor)).toMatchObject({
    id: 1,
    end: { kind: 'done', result: { began: reached } },
  });
});

it('a worker that dies is started again though somebody deleted its log', async () => {
  const executor = await processes();
  executor.start(job(0, {}, 200));
  await progress(executor);
  rmSync(join(folder, 'workers', 'worker-1.log'));
  process.kill(pidOf(1), 'SIGKILL');
  expect(await outcome(executor)).toEqual({ kind: 'lost', id: 0, reason: 'its worker ended by SIGKILL' });
  executor.start(job(1));
  expect(await outcome(executor)).toMatchObject({ kind: 'end', id: 1 });
});

it('workers that cannot make their work end the executor with what they said', async () => {
  const executor = await processes({ configuration: { refuse: true } });
  executor.start(job(0));
  const failure: unknown = await (async () => {
    for (;;) await executor.next();
  })().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toMatch(/ended 5 times in a row .*the encoder is not there/s);
});

it('a step that blocks its worker costs the lease, and its late end is still handed on', async () => {
  const executor = await processes({ leaseSeconds: 5 });
  executor.start(job(0, { block: 12_000 }));
  expect(await outcome(executor)).toEqual({
    kind: 'lost',
    id: 0,
    reason: 'its worker said nothing for 5 s',
  });
  expect(await outcome(executor)).toMatchObject({ kind: 'end', id: 0, end: { kind: 'done' } });
});

it('a worker that hangs is killed once its job is started again', async () => {
  const executor = await processes({ leaseSeconds: 5 });
  executor.start(job(0, { block: 60_000 }));
  expect(await outcome(executor)).toMatchObject({ kind: 'lost', id: 0 });
  const before = pidOf(1);
  executor.start(job(0));
  expect(await outcome(executor)).toMatchObject({ kind: 'end', id: 0, end: { kind: 'done' } });
  expect(isAlive(before)).toBe(false);
});

it('progress of a step that never lets the event loop turn renew the lease', async () => {
  const chatty = `data:text/javascript,${encodeURIComponent(`export const createWork = async () => async (_, { progress }) => {
    for (let i = 0; i < 9; i++) { progress(i, 9); const until = performance.now() + 800; while (performance.now() < until); }
    return { pid: 1, began: 0 };
  }`)}`;
  const executor = await processes({ module: chatty, leaseSeconds: 5 });
  executor.start(job(0));
  expect(await outcome(executor)).toMatchObject({ kind: 'end', end: { kind: 'done', result: { pid: 1 } } });
});

it('stopping asks every job to save itself, and tells how each ended', async () => {
  const executor = await processes({ workers: 2 });
  executor.start(job(0, {}, 1000));
  executor.start(job(1, { block: 60_000 }, 1000));
  for (const heard = new Set<number>(); heard.size < 2;) heard.add((await progress(executor)).id);
  await executor.stop(10_000);
  const ends = [await outcome(executor), await outcome(executor)].sort((a, b) => a.id - b.id);
  expect(ends).toMatchObject([
    { kind: 'end', end: { kind: 'stopped', done: stepOf(0) } },
    { kind: 'lost', reason: 'its worker ended by SIGKILL' },
  ]);
});

it('a worker whose parent was killed saves its job, and the next executor waits for it', async () => {
  const built = new URL('../dist/process-executor.js', import.meta.url).href;
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
    const { createProcessExecutor } = await import(${JSON.stringify(built)});
    const executor = await createProcessExecutor(${JSON.stringify({ module, configuration: {}, workers: 2, logFolder: join(folder, 'workers') })});
    executor.start(${JSON.stringify(job(0, {}, 100_000))});
    executor.start(${JSON.stringify(job(1, { block: 3_000 }))});
    for (let done = 0; done === 0;) {
      const event = await executor.next();
      if (event.id === 0) done = event.done;
    }
    console.log('under way');
  `,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(parent.stdout, 'data');
  const orphans = [pidOf(1), pidOf(2)];
  expect(orphans.map(isAlive)).toEqual([true, true]);
  parent.kill('SIGKILL');
  // It has fewer workers than the earlier one, and waits for all of that.
  const executor = await processes({ workers: 1 });
  expect(orphans.map(isAlive)).toEqual([false, false]);
  const reached = stepOf(0);
  executor.start(job(0, {}, reached + 2));
  expect(await outcome(executor)).toMatchObject({
    end: { kind: 'done', result: { began: reached } },
  });
});

it('a log that cannot be written ends the executor with a sentence, and leaves no worker', async () => {
  mkdirSync(join(folder, 'workers', 'worker-2.log'), { recursive: true });
  await expect(processes({ workers: 2 })).rejects.toThrow(/^cannot write .*worker-2\.log: it is a folder/);
  while (isAlive(pidOf(1))) await sleep(10);
});

it('Ctrl-C, which reaches the whole process group, is left to the parent', async () => {
  const executor = await processes();
  executor.start(job(0, {}, 40));
  await progress(executor);
  process.kill(pidOf(1), 'SIGINT');
  expect(await outcome(executor)).toMatchObject({ end: { kind: 'done' } });
});
