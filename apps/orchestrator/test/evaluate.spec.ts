/** `layerwise evaluate` as a process that is killed, and within this one: tables, JSON, what is refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heldProcess, layerwise, temporaryFolder, until } from './command.js';

const WORDS = [
  'evaluate',
  ...['--pairs', 'builtin:topic?rows=64&devRows=24:builtin:agreement?rows=64&devRows=24'],
  ...['--encoder', 'builtin:tiny', '--methods', 'flat,replay', '--seeds', '1,2', '--rate', '1e-3'],
  ...['--epochs', '2', '--json'],
];

interface Printed {
  readonly runs: readonly { readonly seconds: number }[];
  readonly summaries: unknown;
  readonly comparisons: unknown;
}

it('killed in the middle, the same command goes on to the same figures, with the same runs of an earlier one', async () => {
  const folder = temporaryFolder();
  const [cut, whole] = [join(folder, 'cut'), join(folder, 'whole')];
  // At the latest it waits where the tables are written, before the manifest is.
  const { child, ended } = heldProcess(/tables\.txt$/, ...WORDS, '--out', cut);
  const first = join(cut, 'runs/flat/topic-agreement/1/manifest.json');
  await until(ended, () => existsSync(first));
  child.kill('SIGKILL');
  expect((await ended).code).toBeNull();
  expect(existsSync(join(cut, 'manifest.json'))).toBe(false);
  const before = readFileSync(first, 'utf8');

  const again = await layerwise(...WORDS, '--out', cut);
  expect(again.code, again.stderr).toBe(0);
  // What was done is not done again: its manifest tells the same time.
  expect(readFileSync(first, 'utf8')).toBe(before);
  const other = await layerwise(...WORDS, '--out', whole);
  const [one, two] = [again, other].map(({ stdout }) => JSON.parse(stdout) as Printed);
  expect(one?.runs).toHaveLength(4);
  expect(one?.summaries).toEqual(two?.summaries);
  expect(one?.comparisons).toEqual(two?.comparisons);
  expect(readFileSync(join(cut, 'tables.txt'), 'utf8')).toBe(readFileSync(join(whole, 'tables.txt'), 'utf8'));
  expect(readFileSync(join(cut, 'tables.txt'), 'utf8')).toContain('flat (BERT base)');
});

it('says what is wrong in one sentence', async () => {
  const refused = async (...words: string[]): Promise<string> => {
    const answer = await layerwise(...WORDS.slice(0, -1), '--out', temporaryFolder(), ...words);
    expect(answer.code).toBe(2);
    return answer.stderr;
  };
  expect(await refused('--methods', 'magic')).toMatch(/There is no method magic/);
  expect(await refused('--pairs', 'topic')).toMatch(
    /--pairs takes folders that a shift wrote, or two tasks as A:B/,
  );
  expect(await refused('--methods', 'distribution')).toMatch(/needs a search of the pair topic → agreement/);
});

it('gives pairs of similar names a folder each, and writes none over another', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const tasks = ['a-b', 'c', 'a', 'b-c', 'other/c'].map((name) => {
    const task = join(folder, name);
    mkdirSync(task, { recursive: true });
    for (const split of ['train', 'dev'])
      writeFileSync(join(task, `${split}.csv`), `text,label\nof ${name},yes\nnot of ${name},no\n`);
    return task;
  });
  const [ab, c, a, bc, otherC] = tasks;
  const answer = await layerwise(
    ...WORDS.slice(0, 1),
    ...['--pairs', `${ab}:${c},${a}:${bc}`, '--encoder', 'builtin:tiny', '--methods', 'magic', '--out', out],
  );
  expect(answer.stderr).toMatch(/There is no method magic/);
  const pairs = readdirSync(join(out, 'pairs')).sort();
  expect(pairs).toEqual(['a-b-c', expect.stringMatching(/^a-b-c~[0-9a-f]{8}$/)]);
  const digest = (): string => readFileSync(join(out, 'pairs/a-b-c/shifted/train.arrow')).toString('hex');
  const before = digest();
  const twice = await layerwise(
    ...WORDS.slice(0, 1),
    ...['--pairs', `${ab}:${c},${ab}:${otherC}`, '--encoder', 'builtin:tiny', '--out', out],
  );
  expect(twice.code).toBe(2);
  expect(twice.stderr).toMatch(/The pair a-b → c is named twice/);
  expect(digest()).toBe(before);
});
