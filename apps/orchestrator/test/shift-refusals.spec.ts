/**
 * Stages of a shift on bad input, as a person meets them: exit code 2, one sentence that names the thing, and
 * nothing half-written.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEmbeddingFolder, writeEmbeddingFolder } from '@layerwise/artifacts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layerwise } from './command.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const TASK = 'builtin:sentiment?rows=80&devRows=40';

async function done(...words: string[]): Promise<void> {
  const { code, stderr } = await layerwise('stage', ...words, '--data-cache', at('cache'), '--json');
  expect(code, stderr).toBe(0);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-refusals-'));
  await done('embed', '--task', TASK, '--encoder', 'builtin:tiny', '--out', at('embed'));
  const other = 'builtin:topic?rows=80&devRows=40';
  await done('embed', '--task', other, '--encoder', 'builtin:tiny', '--out', at('embed-other'));
  await done('length-shift', '--task', TASK, '--out', at('length'));
  await done(
    'cluster-shift',
    '--task',
    TASK,
    '--embeddings',
    at('embed'),
    '--minimum-rows',
    '1',
    '--out',
    at('cluster'),
  );

  const broken = await readEmbeddingFolder(at('embed'));
  broken.dev.values[5] = NaN;
  mkdirSync(at('embed-nan'));
  await writeEmbeddingFolder(broken, at('embed-nan'));

  const rows = ['one two three,0', 'four five six,1', 'seven eight nine,0', 'ten eleven twelve,1'];
  mkdirSync(at('even'));
  for (const split of ['train', 'dev'])
    writeFileSync(join(at('even'), `${split}.csv`), `sentence,label\n${[...rows, ...rows].join('\n')}\n`);
  writeFileSync(at('file'), 'in the way');
  mkdirSync(at('half'));
  cpSync(join(at('length'), 'original'), join(at('half'), 'original'), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true }));

const embeddings = () => ['--embeddings', at('embed')];
const task = ['--task', TASK];

it.each<[string, () => string[], RegExp]>([
  ['length-shift of one length', () => ['length-shift', '--task', at('even')], /length/],
  ['length-shift in pieces of nothing', () => ['length-shift', ...task, '--unit', 'pieces'], /--encoder/],
  [
    'length-shift of nothing',
    () => ['length-shift'],
    /^layerwise: --task is missing: the stage length-shift needs/,
  ],
  ['length-shift of a folder without a task', () => ['length-shift', '--task', at('cache')], /no train file/],
  [
    'dataset-shift of one task twice',
    () => ['dataset-shift', '--original', TASK, '--shifted', TASK],
    /sentiment/,
  ],
  ['embed without an encoder', () => ['embed', ...task], /--encoder is missing/],
  ['embed with an empty encoder', () => ['embed', ...task, '--encoder', at('cache')], /config\.json|encoder/],
  ['clusters beyond the rows', () => ['cluster-shift', ...task, ...embeddings(), '--k', '81'], /81 clusters/],
  [
    'one cluster',
    () => ['cluster-shift', ...task, ...embeddings(), '--k', '1'],
    /--k must be a whole number of at least 2, not "1"/,
  ],
  [
    'clusters of NaN',
    () => ['cluster-shift', ...task, '--embeddings', at('embed-nan')],
    /dev\.arrow: row 0, number 5 .* NaN/,
  ],
  [
    'clusters of another task',
    () => ['cluster-shift', ...task, '--embeddings', at('embed-other')],
    /another task than sentiment: of topic/,
  ],
  ['clusters of no embeddings', () => ['cluster-shift', ...task, '--embeddings', at('nothing')], /nothing/],
  [
    'a picture of another task',
    () => ['projection', ...task, '--embeddings', at('embed-other')],
    /another task/,
  ],
  ['a picture of NaN', () => ['projection', ...task, '--embeddings', at('embed-nan')], /NaN/],
  [
    'a picture with too much perplexity',
    () => ['projection', ...task, ...embeddings(), '--perplexity', '40'],
    /perplexity/,
  ],
  [
    'a summary without embeddings',
    () => ['shift-summary', '--pair', at('length')],
    /--embeddings is missing/,
  ],
  [
    'a summary of another task',
    () => ['shift-summary', '--pair', at('length'), '--embeddings', at('embed-other')],
    /topic|another/,
  ],
  ['a summary of half a pair', () => ['shift-summary', '--pair', at('half'), ...embeddings()], /rows\.arrow/],
])('%s', async (_, words, sentence) => {
  const out = at('out');
  const { code, stdout, stderr } = await layerwise(
    'stage',
    ...words(),
    '--data-cache',
    at('cache'),
    '--out',
    out,
  );
  const lines = stderr.trimEnd().split('\n');
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  expect(lines.at(-1)).toMatch(sentence);
  // What stands before it tells of progress.
  expect(lines.filter((line) => line.startsWith('layerwise: '))).toHaveLength(1);
  expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
});

it.each<[string, () => string[]]>([
  ['length-shift', () => task],
  ['embed', () => [...task, '--encoder', 'builtin:tiny']],
  ['cluster-shift', () => [...task, ...embeddings(), '--minimum-rows', '1']],
  ['projection', () => [...task, ...embeddings(), '--perplexity', '5']],
  ['shift-summary', () => ['--pair', at('length'), ...embeddings()]],
])('%s into a place that cannot be a folder', async (stage, words) => {
  const { code, stderr } = await layerwise(
    'stage',
    stage,
    ...words(),
    '--data-cache',
    at('cache'),
    '--out',
    at('file'),
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^layerwise: cannot make the folder .*file: a file is where a folder should be \(EEXIST\); choose .*\n$/,
  );
  expect(readFileSync(at('file'), 'utf8')).toBe('in the way');
});
