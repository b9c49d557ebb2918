/**
 * Executors: what becomes of runs, of workers that die or fall silent, and of runs when the search or its
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
import type { Executor, ExecutorEvent } from './executor.js';
import { createInlineExecutor } from './inline-executor.js';
import type { CreateObjective, RunRequest } from '../running/objective.js';
import { createProcessExecutor, type ProcessExecutorOptions } from './process-executor.js';
import type { Value } from '../space/space.js';

const module = new URL('../../test/slow-objective.mjs', import.meta.url).href;
let folder: string;
let open: Executor[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-executor-'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((executor) => executor.close(0)));
  rmSync(folder, { recursive: true, force: true });
});

async function processes(options: Partial<ProcessExecutorOptions> = {}): Promise<Executor> {
  const logFolder = join(folder, 'workers');
  const executor = await createProcessExecutor({
    module,
    configuration: {},
    workers: 1,
    logFolder,
    ...options,
  });
  open.push(executor);
  return executor;
}

function request(trial: number, values: Record<string, Value> = {}, to = 3): RunRequest {
  const own = join(folder, `trial-${trial}`);
  mkdirSync(own, { recursive: true });
  return { trial, values: { x: 0.5, ...values }, seed: 1, from: 0, to, full: 9, folder: own };
}

/** The next event that is not progress. */
async function outcome(executor: Executor): Promise<Exclude<ExecutorEvent, { kind: 'progress' }>> {
  for (;;) {
    const event = await executor.next();
    if (event.kind !== 'progress') return event;
  }
}

/** The next report of progress. */
async function progress(executor: Executor): Promise<Extract<ExecutorEvent, { kind: 'progress' }>> {
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
const stepOf = (trial: number): number =>
  (JSON.parse(readFileSync(join(folder, `trial-${trial}`, 'checkpoint.json'), 'utf8')) as { step: number })
    .step;

it('runs trials in worker processes, one at a time each, and tells progress and ends', async () => {
  const executor = await processes({ workers: 2 });
  executor.take(request(0));
  executor.take(request(1, { x: 0.3 }));
  expect(() => executor.take(request(2))).toThrow('without a free worker');
  const ends = [await outcome(executor), await outcome(executor)].sort((a, b) => a.trial - b.trial);
  expect(ends.map((event) => event.kind === 'end' && event.end)).toMatchObject([
    { kind: 'measured', reward: -((0.5 - 0.3) ** 2) + 0.03, steps: 3 },
    { kind: 'measured', reward: 0.03, steps: 3 },
  ]);
  const pids = ends.map(
    (event) => event.kind === 'end' && event.end.kind === 'measured' && event.end.measures['pid'],
  );
  expect(new Set([...pids, process.pid]).size).toBe(3);
  executor.take(request(2));
  expect(await progress(executor)).toMatchObject({ trial: 2, total: 3 });
  expect(await outcome(executor)).toMatchObject({ kind: 'end', trial: 2 });
});

it('a failure and a reward that is no number are ends of their trial alone, in a worker and inline', async () => {
  const { createObjective } = (await import(module)) as { createObjective: CreateObjective };
  const executors = [await processes(), createInlineExecutor(await createObjective({}))];
  for (const [i, executor] of executors.entries()) {
    executor.take(request(3 * i, { fail: true }));
    expect(await outcome(executor)).toMatchObject({ end: { kind: 'failed', message: 'out of memory' } });
    executor.take(request(3 * i + 1, { nan: true }));
    expect(await outcome(executor)).toMatchObject({ end: { kind: 'diverged', steps: 3 } });
    executor.take(request(3 * i + 2));
    expect(await outcome(executor)).toMatchObject({ end: { kind: 'measured' } });
  }
});

it('a worker that dies loses its run, with the reason in words, and is started again', async () => {
  const executor = await processes();
  executor.take(request(0, { die: true }));
  const lost = await outcome(executor);
  expect(lost).toEqual({
    kind: 'lost',
    trial: 0,
    reason: 'its worker ended by SIGKILL; its last line: malloc: no memory',
  });
  executor.take(request(1, {}, 200));
  await progress(executor);
  process.kill(pidOf(1), 'SIGKILL');
  expect(await outcome(executor)).toMatchObject({ kind: 'lost', trial: 1 });
  const reached = stepOf(1);
  expect(reached).toBeGreaterThan(0);
  executor.take(request(1, {}, reached + 4));
  // It goes on from the checkpoint that the dead worker left.
  expect(await outcome(executor)).toMatchObject({
    trial: 1,
    end: { kind: 'measured', steps: reached + 4, measures: { began: reached } },
  });
});

it('a worker that dies is started again though somebody deleted its log', async () => {
  const executor = await processes();
  executor.take(request(0, {}, 200));
  await progress(executor);
  rmSync(join(folder, 'workers', 'worker-1.log'));
  process.kill(pidOf(1), 'SIGKILL');
  expect(await outcome(executor)).toEqual({ kind: 'lost', trial: 0, reason: 'its worker ended by SIGKILL' });
  executor.take(request(1));
  expect(await outcome(executor)).toMatchObject({ kind: 'end', trial: 1 });
});

it('workers that cannot make their objective end the search with what they said', async () => {
  const executor = await processes({ configuration: { refuse: true } });
  executor.take(request(0));
  const failure: unknown = await (async () => {
    for (;;) await executor.next();
  })().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InputError);
  expect((failure as Error).message).toMatch(/ended 5 times in a row .*the encoder is not there/s);
});

it('a step that blocks its worker costs the lease, and its late end is still handed on', async () => {
  const executor = await processes({ leaseSeconds: 2 });
  executor.take(request(0, { block: 5000 }));
  expect(await outcome(executor)).toEqual({
    kind: 'lost',
    trial: 0,
    reason: 'its worker said nothing for 2 s',
  });
  expect(await outcome(executor)).toMatchObject({ kind: 'end', trial: 0, end: { kind: 'measured' } });
});

it('a worker that hangs is killed once its trial is given out again', async () => {
  const executor = await processes({ leaseSeconds: 2 });
  executor.take(request(0, { block: 60_000 }));
  expect(await outcome(executor)).toMatchObject({ kind: 'lost', trial: 0 });
  const before = pidOf(1);
  executor.take(request(0));
  expect(await outcome(executor)).toMatchObject({ kind: 'end', trial: 0, end: { kind: 'measured' } });
  expect(isAlive(before)).toBe(false);
});

it('heartbeats of a step that never lets the event loop turn renew the lease', async () => {
  const chatty = `data:text/javascript,${encodeURIComponent(`export const createObjective = async () => async (_, { heartbeat }) => {
    for (let i = 0; i < 9; i++) { heartbeat(i, 9); const until = performance.now() + 300; while (performance.now() < until); }
    return { kind: 'measured', reward: 1, measures: {}, steps: 9 };
  }`)}`;
  const executor = await processes({ module: chatty, leaseSeconds: 2 });
  executor.take(request(0));
  expect(await outcome(executor)).toMatchObject({ kind: 'end', end: { reward: 1 } });
});

it('closing stops every run with a checkpoint and tells how each ended', async () => {
  const executor = await processes({ workers: 2 });
  executor.take(request(0, {}, 1000));
  executor.take(request(1, { block: 60_000 }, 1000));
  for (const heard = new Set<number>(); heard.size < 2;) heard.add((await progress(executor)).trial);
  await executor.close(3000);
  const ends = [await outcome(executor), await outcome(executor)].sort((a, b) => a.trial - b.trial);
  expect(ends).toMatchObject([
    { kind: 'end', end: { kind: 'stopped', steps: stepOf(0) } },
    { kind: 'lost', reason: 'its worker ended by SIGKILL' },
  ]);
});

it('a worker whose parent was killed stops with a checkpoint, and the next search waits for it', async () => {
  const built = new URL('../../dist/executors/process-executor.js', import.meta.url).href;
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
    const { createProcessExecutor } = await import(${JSON.stringify(built)});
    const executor = await createProcessExecutor(${JSON.stringify({ module, configuration: {}, workers: 2, logFolder: join(folder, 'workers') })});
    executor.take(${JSON.stringify(request(0, {}, 100_000))});
    executor.take(${JSON.stringify(request(1, { block: 3_000 }))});
    for (let done = 0; done === 0;) {
      const event = await executor.next();
      if (event.trial === 0) done = event.done;
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
  executor.take(request(0, {}, reached + 2));
  expect(await outcome(executor)).toMatchObject({
    end: { kind: 'measured', steps: reached + 2, measures: { began: reached } },
  });
});

it('a log that cannot be written ends the executor with a sentence, and leaves no worker', async () => {
  mkdirSync(join(folder, 'workers', 'worker-2.log'), { recursive: true });
  await expect(processes({ workers: 2 })).rejects.toThrow(/^cannot write .*worker-2\.log: it is a folder/);
  await sleep(300);
  expect(isAlive(pidOf(1))).toBe(false);
});

it('Ctrl-C, which reaches the whole process group, is left to the parent', async () => {
  const executor = await processes();
  executor.take(request(0, {}, 40));
  await progress(executor);
  process.kill(pidOf(1), 'SIGINT');
  expect(await outcome(executor)).toMatchObject({ end: { kind: 'measured', steps: 40 } });
});
