/** What `layerwise search` refuses, in a sentence and without touching anything. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, writeTaskFolder } from '@layerwise/artifacts';
import { openTask } from '@layerwise/datasets';
import { describe, expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';
import { search, SMALL, swapped, TASKS, WHOLE } from './search-runs.js';

// Whole searches, each with processes of its own.
async function refusal(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await layerwise('search', ...words, '--json');
  expect(code, stderr).toBe(2);
  const { error } = JSON.parse(stdout) as { error: string };
  expect(stderr).toBe(`layerwise: ${error}\n`);
  return error;
}

it.each([
  ['--space', 'twelve', 'neither groups, flat, decay, discriminative nor a file'],
  ['--repeats-seeds', '-1', '--repeats-seeds must be a whole number'],
  ['--eta', '1', '--eta must be a number above 1'],
  ['--workers', '0', '--workers must be a whole number'],
  ['--checkpoint-budget', 'much', 'a size such as 20GB or 500MB, not "much"'],
  // Of 3 + 3 steps a whole run: nine trials of 1 + 1, three that go on to 1 + 1 and pay 1, one that goes on
  // to the end and pays 2 + 3.
  ['--budget', '5', 'that takes 26 steps'],
  ['--sampler', 'grid', 'Allowed choices are gp, tpe, random'],
  ['--protocol', 'test', 'Allowed choices are held-out, paper'],
  ['--given', 'nowhere.json', '--given nowhere.json cannot be read'],
  ['--weight-decay', '0.1', '--weight-decay belongs to --optimizer adamw'],
])('%s %s', async (option, word, sentence) => {
  const out = join(temporaryFolder(), 'out');
  expect(await refusal(...TASKS, ...SMALL, option, word, '--out', out)).toContain(sentence);
  await expect(filesBelow(out)).rejects.toThrow();
});

it('tasks or an encoder that are missing', async () => {
  const out = ['--out', join(temporaryFolder(), 'out')];
  expect(await refusal(...TASKS, ...out)).toContain('--encoder is missing');
  expect(await refusal('--encoder', 'builtin:tiny', ...out)).toContain('--original is missing');
  expect(await refusal(...TASKS, '--encoder', '/nowhere', ...out)).toContain('/nowhere');
});

describe('a folder', () => {
  it('that holds other things', async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'thesis.tex'), '');
    expect(await refusal(...TASKS, ...SMALL, '--out', out)).toContain('holds other things (thesis.tex)');
    expect(await filesBelow(out)).toEqual(['thesis.tex']);
  });

  it('that another command wrote', async () => {
    const out = temporaryFolder();
    const words = [
      ...TASKS,
      '--encoder',
      'builtin:tiny',
      '--train-limit',
      '16',
      '--epochs',
      '2',
      '--threads',
      '1',
    ];
    expect((await layerwise('finetune', ...words, '--out', out, '--json')).code).toBe(0);
    expect(await refusal(...TASKS, ...SMALL, '--out', out)).toContain('finetune');
  });

  it('whose journal is none', async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'journal.jsonl'), 'Dear diary,\n');
    expect(await refusal(...TASKS, ...SMALL, '--out', out)).toContain('is not a journal');
    expect(readFileSync(join(out, 'journal.jsonl'), 'utf8')).toBe('Dear diary,\n');
  });

  it('that is a file', async () => {
    const out = join(temporaryFolder(), 'out');
    writeFileSync(out, '');
    expect(await refusal(...TASKS, ...SMALL, '--out', out)).toContain(out);
  });
});

it('a search that would go on with other settings, tasks or another encoder', async () => {
  const folder = temporaryFolder();
  const { task } = await openTask('builtin:agreement?rows=96&devRows=20&seed=1');
  const [original, out] = [join(folder, 'original'), join(folder, 'out')];
  mkdirSync(original);
  await writeTaskFolder(task, original);
  const pair = ['--original', original, ...TASKS.slice(2)];
  const words = [...pair, ...SMALL, ...WHOLE, '--trials', '1', '--out', out];
  await search(...words);
  const before = readFileSync(join(out, 'journal.jsonl'), 'utf8');
  const manifest = readFileSync(join(out, 'manifest.json'), 'utf8');

  const epochs = await refusal(...words, '--epochs', '2');
  expect(epochs).toContain('another study');
  expect(epochs).toContain('epochs.original');
  expect(await refusal(...words, '--seed', '2')).toContain('seed is 1 there and 2 here');
  expect(await refusal(...words, '--held-out', '20')).toContain('chosen is 30 there and 20 here');
  expect(await refusal(...words, '--protocol', 'paper')).toContain('protocol is "held-out" there');
  expect(await refusal(...words, '--space', 'flat')).toContain('another study');

  // One label of one row, among those that choose, are trained on, or are reported.
  for (const split of ['train', 'dev'] as const) {
    await writeTaskFolder(
      swapped(task, split, (row) => row === 3),
      original,
    );
    const changed = await refusal(...words);
    expect(changed).toContain('The first task is not what the search of');
    expect(changed).toContain('give the same --original');
  }
  await writeTaskFolder(task, original);
  expect(readFileSync(join(out, 'journal.jsonl'), 'utf8')).toBe(before);
  expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toBe(manifest);
  // The same rows elsewhere are the same task.
  const moved = join(folder, 'moved');
  await writeTaskFolder(task, moved);
  await search('--original', moved, ...TASKS.slice(2), ...SMALL, ...WHOLE, '--trials', '1', '--out', out);
});
