/**
 * A person's command as an objective: real child processes, that succeed, fail, are stopped, and are left
 * behind by a dead worker.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@layerwise/errors';
import { createProcessExecutor, runJob, type Job } from '@layerwise/workers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWork, COMMAND_OBJECTIVE_MODULE } from './command-objective.js';
import { runEndOf, type RunEnd, type RunRequest } from '../running/objective.js';
import type { Value } from '../space/space.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'layerwise-command-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const training = `"${process.execPath}" "${join(import.meta.dirname, '../../test/training-command.mjs')}"`;

function request(values: Record<string, Value> = {}, to = 3, from = 0): Job<RunRequest> {
  const input = { trial: 4, values: { x: 0.5, ...values }, seed: 7, from, to, full: Math.max(9, to) };
  return { id: 4, folder: join(root, 'trial'), input };
}

interface Started {
  readonly end: Promise<RunEnd>;
  readonly beats: [number, number][];
  readonly stop: () => void;
}

async function start(command: string, job: Job<RunRequest>, graceMs = 10_000): Promise<Started> {
  const work = await createWork({ command, directory: root, graceMs });
  const controller = new AbortController();
  const beats: [number, number][] = [];
  const progress = (done: number, total: number): void => void beats.push([done, total]);
  const finished = runJob(work, job, { signal: controller.signal, progress });
  return { end: finished.then(({ end }) => runEndOf(end)), beats, stop: () => controller.abort() };
}

const run = async (command: string, of = request()): Promise<RunEnd> => (await start(command, of)).end;

const log = (): string => readFileSync(join(root, 'trial', 'command.log'), 'utf8');
const pids = (): number[] =>
  readFileSync(join(root, 'trial', 'pids'), 'utf8')
    .trim()
    .split('\n')
    .map(Number);
const stepReached = (): number =>
  (JSON.parse(readFileSync(join(root, 'trial', 'checkpoint.json'), 'utf8')) as { step: number }).step;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

/** A command that prints these lines. */
const prints = (...lines: string[]): string => lines.map((line) => `echo '${line}'`).join('; ');

describe('a command that ends by itself', () => {
  it('is measured by its last line, tells its progress, and has the rest of its words in the log', async () => {
    const { end, beats } = await start(training, request());
    expect(await end).toEqual({
      kind: 'measured',
      reward: 0.8,
      measures: { original: 0.3, shifted: 0.5, rows: 100 },
      steps: 3,
    });
    expect(beats).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(log()).toBe('starts at 0\n');
    expect(existsSync(join(root, 'trial', 'command.process'))).toBe(false);
  });

  it('goes on from its folder, and counts the steps of this rung alone', async () => {
    await run(training);
    const { end, beats } = await start(training, request({}, 9, 3));
    expect(await end).toMatchObject({ kind: 'measured', reward: 1.4, steps: 6 });
    expect(beats.at(-1)).toEqual([6, 6]);
    expect(log()).toBe('starts at 0\nstarts at 3\n');
  });

  it('that tells of a step before the one it goes on from is no step further', async () => {
    const started = await start(
      `echo '{"step":1,"reward":1}'; echo '{"step":3,"reward":2}'`,
      request({}, 3, 2),
    );
    expect(await started.end).toMatchObject({ kind: 'measured', reward: 2, steps: 1 });
    expect(started.beats).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('finds the trial in its environment, whatever its values are written with', async () => {
    const odd = { text: `it's "quoted" $HOME \`x\` \\ ünï\n`, flag: true };
    await run(`printf %s "$LAYERWISE_TRIAL" > seen.json; ${prints('{"step":3,"reward":1}')}`, request(odd));
    expect(JSON.parse(readFileSync(join(root, 'seen.json'), 'utf8'))).toEqual({
      trial: 4,
      values: { x: 0.5, ...odd },
      seed: 7,
      from: 0,
      to: 3,
      full: 9,
      folder: join(root, 'trial'),
    });
  });

  it.each(['NaN', '-Infinity'])('diverges with the reward %s', async (reward) => {
    expect(await run(prints('{"step":1,"reward":2}', `{"step": 3, "reward": ${reward}}`))).toEqual({
      kind: 'diverged',
      message: `the command told the reward ${reward} at step 3`,
      steps: 3,
    });
  });

  it('fails with its exit code and the last line of stderr', async () => {
    const command = `${prints('{"step":1,"reward":2}')}; echo 'Traceback:' >&2; echo 'RuntimeError: CUDA out of memory' >&2; echo >&2; exit 3`;
    expect(await run(command)).toEqual({
      kind: 'failed',
      message: 'the command ended with code 3: RuntimeError: CUDA out of memory',
      steps: 1,
    });
    expect(log()).toBe('Traceback:\nRuntimeError: CUDA out of memory\n\n');
    expect(await run('exit 1')).toMatchObject({
      kind: 'failed',
      message: `the command ended with code 1: see ${join(root, 'trial', 'command.log')}`,
    });
    // A process that is killed, as the system does when memory runs out, failed; nobody asked it to stop.
    expect(await run('kill -KILL $$')).toMatchObject({ kind: 'failed' });
    expect(await run('no-such-program')).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/with code 127: .*no-such-program/) as string,
    });
  });

  it('fails with the last line of its traceback, not with a warning that came later', async () => {
    const words = [
      'Traceback (most recent call last):',
      '  File "train.py", line 3, in <module>',
      'RuntimeError: CUDA out of memory',
      'resource_tracker.py:216: UserWarning: 1 leaked semaphore',
      '  warnings.warn(',
    ];
    expect(await run(`${prints(...words)} >&2; exit 1`.replaceAll('; echo', ' >&2; echo'))).toMatchObject({
      kind: 'failed',
      message: 'the command ended with code 1: RuntimeError: CUDA out of memory',
    });
  });

  it('diverges with the reward null, and fails with what is no number, as it says', async () => {
    const where = `; its other output is in ${join(root, 'trial', 'command.log')}`;
    const good = '{"step":3,"reward":2}';
    expect(await run(prints(good, '{"step":3,"reward":null}'))).toEqual({
      kind: 'diverged',
      message: 'the command told the reward null at step 3',
      steps: 3,
    });
    expect(await run(prints(good, '{"step":3,"reward":"0.9"}'))).toEqual({
      kind: 'failed',
      message: `the line that the command told last has the reward the text "0.9", and not a finite number${where}`,
      steps: 3,
    });
    // A line of a log is no report, and one that could be taken comes after one that could not.
    expect(await run(prints('{"step":3,"reward":"x"}', good, '{"step":9,"loss":2}', '{'))).toMatchObject({
      kind: 'measured',
      reward: 2,
    });
  });

  it('is measured by its reward, whatever else it measured', async () => {
    expect(await run(prints('{"step":3,"reward":2,"loss":NaN,"grad":null}'))).toMatchObject({
      kind: 'measured',
      reward: 2,
    });
  });

  it.each([1e308, 2 ** 53, 19])(
    'fails with the step %d of 9, and counts no more than it had to',
    async (step) => {
      expect(await run(prints(`{"step":${step},"reward":1}`))).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining(
          `told of step ${step}, but a whole run ends at 9: count steps in the unit of --full`,
        ) as string,
        steps: 3,
      });
    },
  );

  it('that goes somewhat beyond the rung took the steps of the rung', async () => {
    expect(await run(prints('{"step":4,"reward":1}'))).toMatchObject({ kind: 'measured', steps: 3 });
  });

  it('is heard behind a line without end, a bar of progress, a byte order mark, and without a line break', async () => {
    const ends = `printf '\\357\\273\\277{"step":3,"reward":2}'`;
    expect(await run(`printf '10%%\\r20%%\\r'; ${ends}`.replaceAll('\\\\', '\\'))).toMatchObject({
      kind: 'measured',
    });
    const endless = 'head -c 3000000 /dev/zero | tr "\\0" x';
    expect(await run(`${endless} >&2; ${endless}; echo; ${prints('{"step":3,"reward":2}')}`)).toMatchObject({
      kind: 'measured',
    });
    expect(log().length).toBeLessThan(1000);
    expect(await run(endless)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('one of its lines is longer than 1,048,576 bytes') as string,
    });
  });

  it('has a log that does not fill the disk, with the end of what it said', async () => {
    const loud =
      'yes "a line of progress of a training that says a lot" | head -c 40000000; echo; echo the end';
    expect(await run(`${loud}; ${prints('{"step":3,"reward":2}')}`)).toMatchObject({ kind: 'measured' });
    const kept = ['command.log', 'command.earlier.log'].map((name) =>
      readFileSync(join(root, 'trial', name)),
    );
    for (const { length } of kept) expect(length).toBeLessThan(8.5 * 2 ** 20);
    expect(log().startsWith('… what came before is in command.earlier.log')).toBe(true);
    expect(log().endsWith('\nthe end\n')).toBe(true);
  });

  it('fails when it said nothing, or not to the end', async () => {
    const where = `; its other output is in ${join(root, 'trial', 'command.log')}`;
    expect(await run('echo hello')).toEqual({
      kind: 'failed',
      message: `the command wrote no line {"step":…,"original":…,"shifted":…} or {"step":…,"reward":…}${where}`,
      steps: 0,
    });
    expect(await run(prints('{"step":2,"reward":2}'))).toEqual({
      kind: 'failed',
      message: `the command told of step 2 last, but had to reach 3${where}`,
      steps: 2,
    });
  });

  it.each(['OSError: [Errno 28] No space left on device: x', 'Disk quota exceeded'])(
    'stops the search, not the trial, when the disk is full: %s',
    async (words) => {
      expect(await run(`echo '${words}' >&2; exit 1`)).toEqual({
        kind: 'stopped',
        steps: 0,
        reason: `the command says that the disk is full: ${words}`,
      });
    },
  );

  it('does not wait for what it left running, and ends it', async () => {
    const began = performance.now();
    const left = 'sleep 300 & echo $! > left; ';
    expect(await run(left + prints('{"step":3,"reward":1}'))).toMatchObject({ kind: 'measured' });
    expect(performance.now() - began).toBeLessThan(200_000);
    const pid = Number(readFileSync(join(root, 'left'), 'utf8'));
    await until(() => !isAlive(pid));
  });
});

describe('a command that is stopped', () => {
  it('by the search: it leaves a checkpoint, and goes on from it', async () => {
    const slow = request({ slow: 20 }, 500);
    // Behind a shell that is gone at once, while the training still writes its checkpoint.
    const { end, beats, stop } = await start(`true; ${training}; true`, slow);
    await until(() => beats.length > 3);
    stop();
    const ended = await end;
    expect(ended).toEqual({ kind: 'stopped', steps: stepReached() });
    expect(pids().map(isAlive)).toEqual([false]);
    expect(await run(training, request({}, stepReached() + 2))).toMatchObject({ kind: 'measured' });
    expect(log()).toBe(`starts at 0\nstarts at ${ended.steps}\n`);
  });

  it('by force, when it does not hear', async () => {
    const { end, beats, stop } = await start(training, request({ slow: 20, stubborn: true }, 500), 200);
    await until(() => beats.length > 3);
    stop();
    expect((await end).kind).toBe('stopped');
    expect(pids().map(isAlive)).toEqual([false]);
  });

  it('before it began: it is not started', async () => {
    const { end, stop } = await start(training, request());
    stop();
    expect(await end).toEqual({ kind: 'stopped', steps: 0 });
    expect(existsSync(join(root, 'trial', 'pids'))).toBe(false);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'by somebody else, as a cluster takes a machine back: it will go on (%s)',
    async (name) => {
      expect(await run(`${prints('{"step":2,"reward":2}')}; kill -${name.slice(3)} $$; sleep 9`)).toEqual({
        kind: 'stopped',
        steps: 2,
      });
    },
  );

  it('with the exit code that says so', async () => {
    expect(await run('exit 143')).toEqual({ kind: 'stopped', steps: 0 });
  });
});

it('a command that a killed worker left behind is ended before the trial runs again', async () => {
  const logFolder = join(root, 'workers');
  const configuration = { command: `true; ${training}; true`, directory: root, graceMs: 10_000 };
  const options = { module: COMMAND_OBJECTIVE_MODULE, configuration, workers: 1, logFolder };
  const executor = await createProcessExecutor<RunRequest, RunEnd>(options);
  try {
    executor.start(request({ slow: 20, lingers: 600 }, 5000));
    await executor.next();
    const [orphan = 0] = pids();
    process.kill(
      (JSON.parse(readFileSync(join(logFolder, 'worker-1.process'), 'utf8')) as { pid: number }).pid,
      'SIGKILL',
    );
    let event = await executor.next();
    while (event.kind === 'progress') event = await executor.next();
    expect(event).toMatchObject({ kind: 'lost', id: 4 });
    expect(isAlive(orphan)).toBe(true);
    // Its shell is gone at once, but it takes a while to end.
    executor.start(request({}, stepReached() + 100));
    event = await executor.next();
    expect(isAlive(orphan)).toBe(false);
    while (event.kind === 'progress') event = await executor.next();
    expect(event).toMatchObject({ kind: 'end', end: { kind: 'done', result: { kind: 'measured' } } });
    expect(pids()).toHaveLength(2);
  } finally {
    await executor.stop(0);
  }
});

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0 && existsSync('/proc/self/cmdline');
it.runIf(hasPrlimit)(
  'a command whose mark finds no room on the disk does not go on without one',
  async () => {
    const sleeping = (): string[] =>
      readdirSync('/proc').filter((name) => {
        const words = join('/proc', name, 'cmdline');
        return (
          /^\d+$/.test(name) &&
          existsSync(words) &&
          readFileSync(words, 'utf8') === 'sleep\u000060.0625\u0000'
        );
      });
    const limitFileSize = (bytes: string) =>
      spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
    limitFileSize('0');
    const end = await run('exec sleep 60.0625').finally(() => limitFileSize('unlimited'));
    const left = sleeping();
    for (const pid of left) process.kill(Number(pid), 'SIGKILL');
    expect(end).toMatchObject({ kind: 'failed', message: expect.stringContaining('EFBIG') as string });
    expect(left).toEqual([]);
  },
);

it('a process number that now belongs to somebody else is left alone', async () => {
  const other = spawn('sleep', ['300'], { detached: true });
  try {
    mkdirSync(join(root, 'trial'));
    writeFileSync(join(root, 'trial', 'command.process'), JSON.stringify({ pid: other.pid, start: '1' }));
    expect(await run(training)).toMatchObject({ kind: 'measured' });
    expect(isAlive(other.pid!)).toBe(true);
  } finally {
    other.kill('SIGKILL');
  }
});

it.each([{}, { command: ' ', directory: '/' }, { command: 'x' }, null])(
  'refuses the configuration %j',
  async (configuration) => {
    await expect(async () => createWork(configuration)).rejects.toThrow(InputError);
  },
);
