/**
 * The whole pipeline of the preset `quick` of tests, stage by stage: what runs, what is skipped, and what a
 * change makes run again.
 */
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageNames } from '../src/stages/registry.js';
import { openEncoderSource } from '../src/running/encoder-source.js';
import { layerwise } from './command.js';

const PRESET = ['--preset', join(import.meta.dirname, 'presets/quick.yaml')];

let cache: string;
let table: string;

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'layerwise-pipeline-'));
  table = join(cache, 'train.csv');
  writeFileSync(table, rowsOfATable(200));
  writeFileSync(join(cache, 'dev.csv'), rowsOfATable(120));
});

afterAll(() => rmSync(cache, { recursive: true }));

interface Report {
  /** The entry: `embed@shifted`. */
  readonly stage: string;
  readonly folder: string;
  readonly skipped: boolean;
}

async function stage(name: string, ...words: readonly string[]): Promise<readonly Report[]> {
  const { code, stdout, stderr } = await layerwise(
    'stage',
    name,
    ...PRESET,
    '--data-cache',
    cache,
    ...words,
    '--json',
  );
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout) as Report | { readonly entries: readonly Report[] };
  return 'entries' in report ? report.entries : [report];
}

/** A small task of sentences of 5 to 11 words, as CSV. */
function rowsOfATable(rows: number): string {
  const places = ['at home', 'by the sea', 'in town', 'on the train', 'under the old bridge'];
  const lines = Array.from({ length: rows }, (_, i) => {
    const verdict = i % 2 === 0 ? 'liked' : 'disliked';
    const ends = ['', 'a lot', 'as much as ever'];
    const words = [
      'they',
      verdict,
      ['soup', 'chess', 'rain'][i % 3],
      places[i % 5],
      'on day',
      i,
      ends[i % 7],
    ];
    return `${words.join(' ').trim()},${i % 2}`;
  });
  return `sentence,label\n${lines.join('\n')}\n`;
}

/** Words that hold in every run, so that a change is the only difference. */
const common: Readonly<Record<string, readonly string[]>> = {
  datasets: [
    ...['--original', 'builtin:sentiment?rows=200&devRows=120'],
    ...['--shifted', 'builtin:agreement?rows=120&devRows=60'],
  ],
  finetune: ['--epochs-original', '1', '--epochs-shifted', '1', '--threads', '1'],
};

/** Runs the pipeline, some stages with words of their own; the entries that were not skipped. */
async function pipeline(words: Readonly<Record<string, readonly string[]>> = {}): Promise<readonly string[]> {
  const ran: string[] = [];
  for (const name of stageNames) {
    const reports = await stage(name, ...(common[name] ?? []), ...(words[name] ?? []));
    ran.push(...reports.filter(({ skipped }) => !skipped).map((report) => report.stage));
  }
  return ran;
}

const everything = [
  'datasets',
  'dataset-shift',
  'length-shift',
  'embed',
  'embed@shifted',
  'cluster-shift',
  'shift-summary',
  'shift-summary@length',
  'shift-summary@cluster',
  'projection',
  'finetune',
  'finetune@length',
  'finetune@cluster',
];
const after = {
  embeddings: [
    ...['embed', 'embed@shifted', 'cluster-shift', 'shift-summary', 'shift-summary@length'],
    ...['shift-summary@cluster', 'projection', 'finetune@cluster'],
  ],
};

describe('the preset quick', () => {
  it('refuses a stage whose upstream has not run', async () => {
    const { code, stderr } = await layerwise('stage', 'embed@shifted', ...PRESET, '--data-cache', cache);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^layerwise: The stage embed needs what datasets makes, but .* is not complete; run `layerwise stage datasets --preset .*quick.yaml` first\.\n$/,
    );
  });

  it('runs everything once, and then nothing', async () => {
    expect(await pipeline()).toEqual(everything);
    expect(await pipeline()).toEqual([]);
  });

  it('runs again what depends on a changed parameter, and nothing else', async () => {
    expect(await pipeline({ embed: ['--pooling', 'mean'] })).toEqual(after.embeddings);
    expect(await pipeline({ embed: ['--pooling', 'mean'] })).toEqual([]);
    expect(await pipeline()).toEqual(after.embeddings);
    expect(await pipeline({ projection: ['--seed', '7'] })).toEqual(['projection']);
    expect(await pipeline()).toEqual(['projection']);
    expect(await pipeline({ 'length-shift': ['--threshold', 'train'] })).toEqual([
      ...['length-shift', 'shift-summary@length', 'finetune@length'],
    ]);
    expect(await pipeline()).toEqual(['length-shift', 'shift-summary@length', 'finetune@length']);
  });

  it('runs again what depends on another encoder, told by its bytes and not by its path', async () => {
    const { folder } = await openEncoderSource('builtin:tiny');
    const copy = join(cache, basename(folder));
    cpSync(folder, copy, { recursive: true });
    expect(await pipeline({ embed: ['--encoder', copy] })).toEqual([]);
    const weights = join(copy, 'model.safetensors');
    const bytes = readFileSync(weights);
    // The last number of the file: float32, little-endian.
    bytes.writeFloatLE(bytes.readFloatLE(bytes.length - 4) + 0.5, bytes.length - 4);
    writeFileSync(weights, bytes);
    expect((await pipeline({ embed: ['--encoder', copy] })).slice(0, 2)).toEqual(['embed', 'embed@shifted']);
    await pipeline();
  });

  it('runs again what depends on a changed file of a task', async () => {
    const own = { datasets: ['--original', table] };
    expect(await pipeline(own)).toEqual(everything.filter((entry) => entry !== 'embed@shifted'));
    expect(await pipeline(own)).toEqual([]);
    writeFileSync(table, `${readFileSync(table, 'utf8')}one more row to learn from,0\n`);
    expect(await pipeline(own)).toEqual(everything.filter((entry) => entry !== 'embed@shifted'));
  });

  it('makes a file anew that was tampered with, and takes no notice where the bytes are as before', async () => {
    const own = { datasets: ['--original', table] };
    const file = join(cache, 'quick/datasets/original/train.arrow');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    expect(await pipeline(own)).toEqual(['datasets']);
    expect(readFileSync(file)).toEqual(bytes);
    const { code, stderr } = await layerwise(
      ...['stage', 'length-shift', '--task', tampered(), '--out', join(cache, 'elsewhere')],
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/train\.arrow/);
  });

  function tampered(): string {
    const folder = join(cache, 'tampered');
    cpSync(join(cache, 'quick/datasets/original'), folder, { recursive: true });
    const file = join(folder, 'train.arrow');
    writeFileSync(file, readFileSync(file).subarray(0, 1000));
    return folder;
  }
});

describe('pictures', () => {
  /** Path → bytes of all pictures; paths → times of all that is not one. */
  function snapshot(): { pictures: Map<string, string>; rest: Map<string, number> } {
    const files = readdirSync(join(cache, 'quick'), { recursive: true }).map(String).sort();
    const pictures = new Map<string, string>();
    const rest = new Map<string, number>();
    for (const file of files) {
      const path = join(cache, 'quick', file);
      if (/\.(svg|png)$/.test(file)) pictures.set(file, readFileSync(path, 'latin1'));
      else if (statSync(path).isFile() && !file.includes('plots')) rest.set(file, statSync(path).mtimeMs);
    }
    return { pictures, rest };
  }

  it('are drawn again to the same bytes from artifacts alone, which stay as they are', async () => {
    const before = snapshot();
    expect([...before.pictures.keys()]).toEqual(
      expect.arrayContaining([
        'length-shift/plots/lengths-dev.svg',
        'length-shift/plots/lengths-dev.png',
        'cluster-shift/plots/silhouette.svg',
        'projection/plots/by-cluster.svg',
        'projection/plots/by-label.svg',
      ]),
    );
    for (const picture of before.pictures.keys()) rmSync(join(cache, 'quick', picture));
    const { code, stdout } = await layerwise('plots', ...PRESET, '--data-cache', cache);
    expect(code).toBe(0);
    expect(stdout).toContain('by-cluster.svg');
    const again = snapshot();
    expect(again.rest).toEqual(before.rest);
    expect([...again.pictures.keys()]).toEqual([...before.pictures.keys()]);
    for (const [file, bytes] of before.pictures) expect(again.pictures.get(file) === bytes, file).toBe(true);
  });

  it('come back with a stage that is skipped where they are missing', async () => {
    rmSync(join(cache, 'quick/length-shift/plots'), { recursive: true });
    const [report] = await stage('length-shift');
    expect(report).toMatchObject({
      skipped: true,
      pictures: expect.arrayContaining(['plots/lengths-dev.svg']) as unknown,
    });
  });

  it('of stages that have not run are told, not computed', async () => {
    const { code, stdout } = await layerwise(
      'plots',
      'projection',
      ...PRESET,
      '--data-cache',
      join(cache, 'empty'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^nothing is drawn from .*projection: it is not complete\n$/);
    const { stdout: none } = await layerwise(
      'plots',
      'finetune',
      ...PRESET,
      '--data-cache',
      join(cache, 'empty'),
    );
    expect(none).toBe('finetune: there are no pictures\n');
  });
});
