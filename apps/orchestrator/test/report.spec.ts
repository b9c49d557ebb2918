/** `layerwise report`, and the stage: what they print, what they leave, what they refuse. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { summaryTable, writeTable } from '@layerwise/artifacts';
import { layerwise } from './command.js';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-report-'));
  await writeTable(join(folder, 'method-summary.arrow'), summaryTable, {
    method: ['flat'],
    pair: ['river → lake'],
    measure: ['forgetting'],
    mean: [0.1234],
    low: [0.1012],
    high: [0.1456],
    seeds: Int32Array.of(3),
    reason: [null],
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

const sentence =
  'forgetting is 0.123 (95 % interval 0.101 to 0.146, 3 seeds), so the first task is forgotten';

it('writes a page and prints its summary', async () => {
  const out = join(folder, 'below/report.html');
  const { code, stdout } = await layerwise('report', '--from', folder, '--out', out);
  expect(code).toBe(0);
  expect(stdout).toContain(sentence);
  expect(stdout).toMatch(/Read: summary 1\.\n.*report\.html \(0\.0\d MB\) opens in any browser\.\n$/);
  expect(readFileSync(out, 'utf8')).toContain(sentence);
});

it('prints the same as JSON', async () => {
  const out = join(folder, 'again.html');
  const { stdout } = await layerwise('report', '--from', folder, '--out', out, '--json');
  const json = JSON.parse(stdout) as { out: string; summary: string[]; made: object; bytes: number };
  expect(json).toMatchObject({ out, made: { summary: 1 }, bytes: readFileSync(out).length });
  expect(json.summary).toHaveLength(3);
  expect(json.summary[0]).toContain(sentence);
});

it('is a stage too, whose summary is in its manifest', async () => {
  const out = join(folder, 'stage');
  const { code, stdout } = await layerwise('stage', 'report', '--from', folder, '--out', `${out}-of-it`);
  expect([code, stdout]).toEqual([2, '']);
  const elsewhere = mkdtempSync(join(tmpdir(), 'layerwise-report-stage-'));
  const done = await layerwise('stage', 'report', '--from', folder, '--out', join(elsewhere, 'out'));
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining(sentence)]);
  expect(existsSync(join(elsewhere, 'out/report.html'))).toBe(true);
  const again = await layerwise('stage', 'report', '--from', folder, '--out', join(elsewhere, 'out'));
  expect(again.stdout).toContain('is up to date');
  rmSync(elsewhere, { recursive: true });
});

it.each([
  [['--out', 'x.html'], "required option '--from <dir...>' not specified"],
  [['--from', 'nowhere', '--out', 'x.html'], '--from nowhere does not exist; give the output folder'],
])('refuses %j in one sentence', async (words, expected) => {
  const { code, stderr } = await layerwise('report', ...words);
  expect(code).toBe(2);
  expect(stderr).toContain(expected);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
