/**
 * `layerwise run` and `plan` over a small preset: killed in the middle of a search it goes on, and then there
 * is nothing left to do.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluationTable, readTable } from '@layerwise/artifacts';
import { afterAll, expect, it } from 'vitest';
import { heldProcess, layerwise, until } from './command.js';

const cache = mkdtempSync(join(tmpdir(), 'layerwise-run-'));
const folder = join(cache, 'reduced');
const words = [
  '--preset',
  join(import.meta.dirname, 'presets/reduced.yaml'),
  '--data-cache',
  cache,
  '--json',
];

afterAll(() => rmSync(cache, { recursive: true }));

interface Ran {
  readonly report: string;
  readonly summary: readonly string[];
  readonly entries: readonly { readonly entry: string; readonly skipped: boolean }[];
}
interface Plan {
  readonly entries: readonly {
    readonly entry: string;
    readonly upToDate: boolean;
    readonly why: string | null;
    readonly work: { readonly steps: number; readonly textsRead: number } | null;
    readonly estimate: { readonly seconds: number; readonly memoryMb: number; readonly diskMb: number };
  }[];
}

async function plan(): Promise<Plan['entries']> {
  const { code, stdout, stderr } = await layerwise('plan', ...words);
  expect(code, stderr).toBe(0);
  return (JSON.parse(stdout) as Plan).entries;
}

const journal = join(folder, 'search@topic-agreement/journal.jsonl');
const lines = (): string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : []);

it('plans by the steps that the stages will take, and writes nothing', async () => {
  const entries = await plan();
  const byName = new Map(entries.map((entry) => [entry.entry, entry]));
  expect(entries.every(({ upToDate }) => !upToDate)).toBe(true);
  expect(byName.get('datasets@topic-agreement')?.why).toBe('never run to its end');
  expect(byName.get('evaluation')?.why).toBe('follows dataset-shift@topic-agreement');
  // 58 of 64 rows are trained on, the others choose: 4 batches of 16 a phase, three trials.
  expect(byName.get('search@topic-agreement')?.work).toMatchObject({ steps: 3 * 8, textsRead: 3 * 120 });
  // Two pairs, three methods, one seed: 64 rows are 4 batches.
  expect(byName.get('evaluation')?.work).toMatchObject({ steps: 6 * 8, textsRead: 6 * 120 });
  const { seconds, memoryMb, diskMb } = byName.get('evaluation')!.estimate;
  expect(Math.min(seconds, memoryMb, diskMb)).toBeGreaterThan(0);
  expect(existsSync(folder)).toBe(false);
});

it('is killed in the middle of a search', async () => {
  // At the latest it waits where the search writes its outputs, before its manifest is.
  const { child, ended } = heldProcess(/search@topic-agreement\/.*(arrow|json)$/, 'run', ...words);
  await until(ended, () => lines().filter((line) => line.includes('"measured"')).length >= 2);
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(join(folder, 'search@topic-agreement/manifest.json'))).toBe(false);
  const entries = await plan();
  expect(entries.filter(({ upToDate }) => upToDate).map(({ entry }) => entry)).toEqual([
    ...['datasets@topic-agreement', 'datasets@agreement-topic'],
    ...['dataset-shift@topic-agreement', 'dataset-shift@agreement-topic'],
  ]);
});

it('goes on with what is there, to the report', async () => {
  const before = lines().slice(0, -1);
  const tasks = join(folder, 'datasets@topic-agreement/manifest.json');
  const { mtimeMs } = statSync(tasks);
  const { code, stdout, stderr } = await layerwise('run', ...words);
  expect(code, stderr).toBe(0);
  expect(lines().slice(0, before.length)).toEqual(before);
  expect(lines().filter((line) => line.includes('"measured"'))).toHaveLength(3);
  expect(statSync(tasks).mtimeMs).toBe(mtimeMs);
  const { report, summary } = JSON.parse(stdout) as Ran;
  expect(report).toBe(join(folder, 'report.html'));
  expect(readFileSync(report, 'utf8')).toContain('topic → agreement');
  expect(summary.length).toBeGreaterThan(0);
  const runs = await readTable(join(folder, 'evaluation/evaluation.arrow'), evaluationTable);
  expect([...new Set(runs.column('method'))]).toEqual(['flat', 'distribution', 'combined']);
  const resolved = JSON.parse(readFileSync(join(folder, 'preset.json'), 'utf8')) as Record<string, object>;
  expect(resolved['search@agreement-topic']).toMatchObject({
    pair: 'dataset-shift',
    trials: 3,
    schedule: 'cosine',
    eta: 3,
  });
});

it('then has nothing left to do', async () => {
  const { stdout } = await layerwise('run', ...words);
  const { entries } = JSON.parse(stdout) as Ran;
  expect(entries.filter(({ skipped }) => !skipped)).toEqual([]);
  expect((await plan()).filter(({ upToDate }) => !upToDate)).toEqual([]);
});

it('a stage of another preset is nothing to do, and so is one that the preset does not have', async () => {
  const preset = ['--preset', join(import.meta.dirname, 'presets/reduced.yaml'), '--data-cache', cache];
  const { code, stdout } = await layerwise('stage', 'projection', ...preset);
  expect([code, stdout]).toEqual([0, expect.stringContaining('no entry of the stage projection')]);
});
