/**
 * The stage `search`: more trials go on from its journal, another space begins anew, and what it wrote is
 * what a search writes.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readTable, runStage, trialsTable, writeTaskFolder } from '@layerwise/artifacts';
import { openTask } from '@layerwise/datasets';
import { createTinyEncoderFolder } from '@layerwise/model';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stateIn } from './searches/folder.js';
import type * as runSearchesModule from './searches/run-searches.js';
import { search } from '../test/readme-example.js';
import { searchStage } from './stage.js';

/** What worker processes are given to train trials by. */
const prepared: unknown[] = [];
vi.mock('./searches/run-searches.js', async (original) => {
  const actual = await original<typeof runSearchesModule>();
  const runSearches: typeof actual.runSearches = (out, search, ...rest) => {
    prepared.push(search.configuration);
    return actual.runSearches(out, search, ...rest);
  };
  return { ...actual, runSearches };
});

const root = mkdtempSync(join(tmpdir(), 'layerwise-rate-search-'));
const [pair, encoder, out] = ['pair', 'encoder', 'out'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];

beforeAll(async () => {
  const sources = {
    original: 'builtin:topic?rows=40&devRows=12',
    shifted: 'builtin:agreement?rows=40&devRows=12',
  };
  for (const [phase, source] of Object.entries(sources))
    await writeTaskFolder((await openTask(source)).task, join(pair, phase));
  await createTinyEncoderFolder(encoder, ['the', 'on', 'is', 'are', 'was'], { hidden: 16 });
});
afterAll(() => rmSync(root, { recursive: true }));

const run = (
  more: Record<string, unknown>,
  options: { readonly force?: boolean; readonly outputFolder?: string } = {},
) =>
  runStage(searchStage, {
    outputFolder: out,
    ...options,
    versions: { 'onnxruntime-node': '1.2.3' },
    parameters: {
      trials: 2,
      sampler: 'random',
      scheduler: 'none',
      repeatsBest: 0,
      low: 1e-5,
      high: 1e-2,
      known: [2e-3],
      epochsOriginal: 1,
      epochsShifted: 1,
      dropout: 0,
      threads: 1,
      withControl: false,
      ...more,
    },
    inputs: { pair, encoder },
  });

const journal = (): string => readFileSync(join(out, 'journal.jsonl'), 'utf8');

it('searches within the range, the known flat rate first', async () => {
  const { manifest } = await run({});
  expect(manifest.counts).toMatchObject({ trials: 2 });
  const table = await readTable(join(out, 'trials.arrow'), trialsTable);
  const values = table.column('values').map((text) => JSON.parse(text) as number[]);
  expect(new Set(values[0])).toEqual(new Set([2e-3]));
  expect(values[1]?.every((rate) => rate >= 1e-5 && rate <= 1e-2)).toBe(true);
  expect(table.metadata.pair).toBe('topic → agreement');
  expect((await run({})).skipped).toBe(true);
});

it('goes on from its journal for more trials, with a control after it, and begins anew for another range', async () => {
  const before = journal();
  await run({ trials: 3, withControl: true });
  expect(journal().startsWith(before)).toBe(true);
  const control = await readTable(join(out, 'control/trials.arrow'), trialsTable);
  // As many steps as the search: 3 trials of one rate each.
  expect(control.column('values').map((text) => (JSON.parse(text) as number[]).length)).toEqual([1, 1, 1]);

  await run({ low: 1e-6 });
  expect(journal().startsWith(before)).toBe(false);
  const again = await readTable(join(out, 'trials.arrow'), trialsTable);
  expect(again.metadata.space).toContain('"low":0.000001');
});

it('forced when it is finished, it trains every trial again, and tells the libraries that it trained with', async () => {
  const lines = (): string[] => journal().trim().split('\n');
  const study = (): unknown => JSON.parse(readFileSync(join(out, 'study.json'), 'utf8'));
  const given = { low: 1e-6 };
  expect((await run(given)).skipped).toBe(true);
  const before = lines();
  const { manifest } = await run(given, { force: true });
  // As many lines, and none of them an old one that was read again: each tells its time.
  expect(lines()).toHaveLength(before.length);
  expect(lines()).not.toEqual(before);
  expect(manifest.counts).toMatchObject({ trials: 2 });
  expect(study()).toMatchObject({ versions: { 'onnxruntime-node': '1.2.3' } });
});

it('the example in the README runs as it is printed there', async () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const example = read('../test/readme-example.ts').replace('../src/index.js', '@layerwise/rate-search');
  const readme = read('../README.md');
  expect(readme).toContain('```ts\n' + example + '```');
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).map((path) =>
    basename(path),
  );
  for (const [file] of readme.matchAll(/[a-z-]+\.ts(?=`)/g))
    expect(files).toContain(file.replace('src/', ''));
  expect((await search(pair, encoder, join(root, 'readme')))[0]).toMatch(/^best: trial [01], mean reward /);
});

it('trains with every option that it accepts, and goes on with what decides nothing about the result', async () => {
  await run({ groupByLength: true, clipNorm: 2 });
  const before = journal();
  const [created = ''] = before.split('\n');
  expect(created).toContain('"groupByLength":true');
  expect(created).toContain('"clipNorm":2');
  prepared.length = 0;
  await run({ groupByLength: true, clipNorm: 2, recompute: true, trials: 3 });
  expect(prepared).toMatchObject([{ choices: { groupByLength: true, recompute: true, clipNorm: 2 } }]);
  expect(journal().startsWith(before)).toBe(true);
});

it('begins nothing anew where it cannot read what lies there', async () => {
  const folder = join(root, 'circle');
  mkdirSync(folder);
  symlinkSync('journal.jsonl', join(folder, 'journal.jsonl'));
  expect(() => stateIn(folder)).toThrow(/journal.jsonl: .*\(ELOOP\)/);
  await expect(run({}, { outputFolder: folder })).rejects.toThrow(/journal.jsonl: .*\(ELOOP\)/);
});
