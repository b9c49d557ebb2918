/**
 * `layerwise study` over its pipes: what is answered and when, lines of all kinds, how it ends, and how a
 * journal goes on.
 */
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';
import { spaceFile, startStudy, type Json, type StudyProcess } from './study-process.js';

const ASK = { ask: 1 };
const random = (...words: string[]): StudyProcess =>
  startStudy('--space', spaceFile(), '--sampler', 'random', ...words);

/** Highest at a rate of 1e-5, 8 layers and kind b. */
function reward(values: unknown): number {
  const [rate, layers, kind] = values as [number, number, string];
  return -(Math.log10(rate / 1e-5) ** 2) - (layers - 8) ** 2 / 40 - (kind === 'b' ? 0 : 0.3);
}

describe('answers', () => {
  it('are runs with values in the order of the space, each at once, and the best by the highest reward', async () => {
    const { ask, tell, end } = startStudy('--space', spaceFile());
    const rewards: number[] = [];
    for (let trial = 0; trial < 6; trial++) {
      const run = await ask(ASK);
      expect(Object.keys(run)).toEqual(['trial', 'values', 'fidelity']);
      expect(run['trial']).toBe(trial);
      const [rate, layers, kind] = run['values'] as [number, number, string];
      expect(rate).toBeGreaterThanOrEqual(1e-7);
      expect(rate).toBeLessThanOrEqual(1e-3);
      expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).toContain(layers);
      expect(['a', 'b']).toContain(kind);
      rewards.push(reward(run['values']));
      tell({ tell: trial, reward: rewards[trial] });
    }
    const best = Math.max(...rewards);
    expect(await ask({ best: 1 })).toMatchObject({ trial: rewards.indexOf(best), reward: best });
    expect(await end()).toEqual({ code: 0, rest: [], stderr: '' });
  });

  it('have the fidelity of a whole run with --full', async () => {
    const { ask, end } = random('--full', '9');
    expect(await ask(ASK)).toMatchObject({ trial: 0, fidelity: 9 });
    expect(await ask({ tell: 0, reward: 1, fidelity: 3 })).toEqual({
      error: 'Trial 0 is to reach fidelity 9, not 3.',
    });
    await end();
  });

  it.each(['hyperband', 'asha'])('of %s promote the best, and stderr has the plan', async (scheduler) => {
    const { ask, tell, end } = random('--scheduler', scheduler, '--full', '9', '--trials', '9');
    const told: [trial: number, fidelity: number][] = [];
    for (;;) {
      const run = await ask(ASK);
      if ('done' in run) break;
      const { trial, fidelity } = run as { trial: number; fidelity: number };
      told.push([trial, fidelity]);
      // Later trials are better.
      tell({ tell: trial, reward: trial + fidelity / 100, fidelity });
    }
    expect(new Set(told.map(([trial]) => trial)).size).toBe(9);
    expect(new Set(told.map(String)).size).toBe(told.length);
    const counted = [1, 3, 9].map((rung) => told.filter(([, fidelity]) => fidelity === rung).length);
    if (scheduler === 'hyperband') expect(counted).toEqual([9, 3, 1]);
    expect(
      told.some(([trial, fidelity]) => fidelity === 9 && told.some(([t, f]) => t === trial && f < 9)),
    ).toBe(true);
    const { code, stderr } = await end();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Plan: 9 trials on the rungs 1, 3, 9 \(η = 3\)\n/);
  });

  it('end with --trials, after the repeats where there are some', async () => {
    const { ask, tell, end } = random('--trials', '2', '--repeats-best', '1', '--repeats-seeds', '2');
    for (const trial of [0, 1]) tell({ tell: (await ask(ASK))['trial'], reward: trial });
    const seeds = new Set();
    for (const trial of [2, 3]) {
      const run = await ask(ASK);
      expect(run).toMatchObject({ trial, repeatOf: 1 });
      seeds.add(run['seed']);
      tell({ tell: trial, reward: 2 });
    }
    expect(seeds.size).toBe(2);
    expect(await ask(ASK)).toEqual({ done: true, reason: '2 trials are made' });
    expect(await ask({ best: 1 })).toMatchObject({ trial: 1, reward: 5 / 3, repeats: { mean: 2 } });
    await end();
  });

  it('begin with the points that are given', async () => {
    const given = join(temporaryFolder(), 'given.json');
    writeFileSync(given, JSON.stringify([{ kind: 'b', rate: 2e-5, layers: 3 }]));
    const { ask, end } = random('--given', given);
    expect(await ask(ASK)).toEqual({ trial: 0, values: [2e-5, 3, 'b'], fidelity: 1 });
    await end();
  });

  it('end with too many failures', async () => {
    const { ask, tell, end } = random('--max-failures', '1');
    for (const trial of [0, 1])
      tell({ tell: (await ask(ASK))['trial'], state: 'failed', message: `${trial}` });
    expect(await ask(ASK)).toEqual({
      done: true,
      reason: expect.stringContaining('2 trials failed') as string,
    });
    await end();
  });
});

it('lines that cannot be taken are answered and end nothing; blank ones, CRLF and a missing last line break are fine', async () => {
  const { ask, tell, end } = random();
  expect(await ask('{"ask":1}\r')).toMatchObject({ trial: 0 });
  tell('\r\n\n   ');
  const faults: [Json | string | Buffer, string][] = [
    ['hello', 'The line is not JSON'],
    [{ aks: 1 }, 'A line asks or tells'],
    [{ tell: 99, reward: 1 }, 'There is no trial 99'],
    [Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), 'The line is not UTF-8'],
    [`{"tell":0,"reward":1,"message":"${'x'.repeat(3 << 20)}"}`, 'The line is longer than 1048576 bytes'],
    [`{"tell":0,"state":"failed","message":"${'x'.repeat(900_000)}"`, 'The line is not JSON'],
    ['['.repeat(100_000), 'The line is not JSON'],
  ];
  for (const [line, sentence] of faults) {
    const answer = await ask(line);
    expect(Object.keys(answer)).toEqual(['error']);
    expect(answer['error']).toContain(sentence);
    expect(String(answer['error']).length).toBeLessThan(300);
  }
  tell('{"tell": 0, "reward": 0.5}\r');
  tell(Buffer.from('\uFEFF{"ask":2}\n{"best":1}'));
  const { code, rest, stderr } = await end();
  expect(rest.map((line) => JSON.parse(line) as Json)).toMatchObject([
    { trial: 1 },
    { trial: 2 },
    { trial: 0, reward: 0.5 },
  ]);
  expect([code, stderr]).toEqual([0, '']);
});

describe('a journal', () => {
  /**
   * Talks until `trials` were told, and asks once more; `kill` says before which tell, if any, the process is
   * killed.
   */
  async function talk(file: string, trials: number, kill: (trial: number) => boolean): Promise<Json[]> {
    const words = ['--space', spaceFile(), '--journal', file, '--seed', '3'];
    const runs: Json[] = [];
    let study = startStudy(...words);
    for (let told = 0; told < trials;) {
      const run = await study.ask(ASK);
      if (kill(told) && runs.length === told) {
        runs.push(run);
        study.child.kill('SIGKILL');
        await once(study.child, 'close');
        study = startStudy(...words);
        // What was asked and not told comes first.
        expect(await study.ask(ASK)).toEqual(run);
      } else runs.push(run);
      study.tell({ tell: run['trial'], reward: reward(run['values']) });
      told++;
    }
    runs.push(await study.ask(ASK));
    expect((await study.end()).code).toBe(0);
    return runs;
  }

  /** A study that ends before it reads a line, in this process. */
  const refused = (...words: string[]) =>
    layerwise('study', '--space', spaceFile(), '--sampler', 'random', ...words);

  it('goes on after kill -9 between ask and tell with the trials of an unbroken study', async () => {
    const folder = temporaryFolder();
    const unbroken = await talk(join(folder, 'unbroken.jsonl'), 12, () => false);
    const killed = join(folder, 'killed.jsonl');
    expect(await talk(killed, 12, (trial) => [3, 11].includes(trial))).toEqual(unbroken);
    // The last line of one that was cut off in the middle is as if it had not been written.
    appendFileSync(killed, '{"event":{"type":"star');
    const study = startStudy('--space', spaceFile(), '--journal', killed, '--seed', '3');
    expect(unbroken[12]).toMatchObject({ trial: 12 });
    expect(await study.ask(ASK)).toEqual(unbroken[12]);
    expect(await study.end()).toEqual({
      code: 0,
      rest: [],
      stderr: `layerwise: goes on with ${killed}: 13 trials, of which 1 are run again\n`,
    });
  });

  it('is written by one process: a second one is refused in a sentence', async () => {
    const file = join(temporaryFolder(), 'journal.jsonl');
    const first = random('--journal', file);
    await first.ask(ASK);
    expect(await refused('--journal', file)).toEqual({
      code: 2,
      stdout: '',
      stderr: `layerwise: ${file} is being written by process ${first.child.pid}: wait for it, or delete ${file}.lock if there is none.\n`,
    });
    expect(await first.ask(ASK)).toMatchObject({ trial: 1 });
    await first.end();
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('belongs to its settings, but for where it ends', async () => {
    const file = join(temporaryFolder(), 'journal.jsonl');
    const first = random('--journal', file, '--trials', '1');
    first.tell({ tell: (await first.ask(ASK))['trial'], reward: 1 });
    expect(await first.ask(ASK)).toMatchObject({ done: true });
    await first.end();
    const before = readFileSync(file, 'utf8');
    const { code, stderr } = await refused('--journal', file, '--seed', '2');
    expect(code).toBe(2);
    expect(stderr).toContain('is the journal of another study (seed is 1 there and 2 here)');
    expect(readFileSync(file, 'utf8')).toBe(before);
    const second = random('--journal', file, '--trials', '2');
    expect(await second.ask(ASK)).toMatchObject({ trial: 1 });
    await second.end();
  });
});

describe('it ends quietly', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('at %s, and gives its journal back', async (name) => {
    const file = join(temporaryFolder(), 'journal.jsonl');
    const { child, ask } = random('--journal', file);
    await ask(ASK);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.kill(name);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect([stderr, existsSync(`${file}.lock`)]).toEqual(['', false]);
  });

  it('when nobody reads its answers', async () => {
    const { child, ask } = random();
    await ask(ASK);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    const ended = once(child, 'exit');
    // Until it has noticed.
    const asking = setInterval(() => void child.stdin.write('{"ask":1}\n'), 10);
    expect(await ended).toEqual([0, null]);
    clearInterval(asking);
    expect(stderr).toBe('');
  });
});

it.each([
  ['no space', [], "required option '--space <file>' not specified"],
  ['a space that is not there', ['--space', 'none.json'], '--space none.json cannot be read'],
  ['a space that is none', ['--space', import.meta.filename], 'is not JSON'],
  ['rungs of nothing', ['--scheduler', 'asha'], '--scheduler asha needs --full'],
  ['a lowest rung of nothing', ['--minimum', '2'], '--minimum needs --full'],
  ['a lowest rung without rungs', ['--minimum', '2', '--full', '9'], '--minimum is of rungs'],
  ['a lowest rung above all', ['--minimum', '10', '--full', '9', '--scheduler', 'asha'], 'from 10 to 9'],
  ['a budget of nothing', ['--budget', '2'], '--budget needs --full'],
  ['repeats that are none', ['--repeats-best', 'x'], '--repeats-best must be a whole number'],
  ['a factor that does not grow', ['--eta', '1'], '--eta must be a number above 1'],
  ['another sampler', ['--sampler', 'best'], 'Allowed choices are gp, tpe, random'],
])('refuses %s', async (_, words, sentence) => {
  const space = words.includes('--space') || words.length === 0 ? [] : ['--space', spaceFile()];
  const { code, stdout, stderr } = await layerwise('study', ...space, ...words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
