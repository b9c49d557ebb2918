/** Tables of the parts, from runs whose figures are known. */
import { check } from 'prettier';
import { expect, it } from 'vitest';
import { figuresOf, inTurn, type Sample } from '../src/in-turn.mjs';
import { settingsOf } from '../src/options.mjs';
import { peerSettings, protocolTables, taskWords } from '../src/parts/finetune.mjs';
import { stepsOf, stepTable } from '../src/parts/step.mjs';
import { reportJson, reportMarkdown, reportText } from '../src/report.mjs';

const before = { load: 0, others: 0 };
const settings = settingsOf([
  ...['--encoder', '/e', '--data', '/d', '--paddings', 'batch,length', '--runs', '3', '--threads', '2'],
  ...['--shapes', '2x128x2,12x768x12x256'],
]);

function samplesOf(what: string, side: string, results: readonly object[]): Sample[] {
  return results.map((result, run) => ({ what, side, run, before, result }));
}

const steps = [
  ...samplesOf('2 × 128, 16 × 64', 'layerwise', [
    { medianMs: 10, peakMemoryMb: 200 },
    { medianMs: 30, peakMemoryMb: 220 },
    { medianMs: 12, peakMemoryMb: 210 },
  ]),
  ...samplesOf('2 × 128, 16 × 64', 'PyTorch', [
    { median_ms: 24, rss_mb: 840 },
    { median_ms: 18, rss_mb: 850 },
    { median_ms: 36, rss_mb: 830 },
  ]),
  ...samplesOf('12 × 768, 16 × 256', 'layerwise', [{ medianMs: 9000, peakMemoryMb: 7000 }]),
];

it('a step: medians, and ratios above 1 where ours is faster and smaller', () => {
  expect(stepTable(settings.shapes, steps).rows).toEqual([
    ['2 × 128', '16 × 64', 12, 24, 2, 210, 840, 4],
    ['12 × 768', '16 × 256', 9000, null, null, 7000, null, null],
  ]);
});

it('long texts have fewer steps', () => {
  expect(stepsOf(12, { layers: 1, hidden: 1, heads: 1, length: 64 })).toBe(12);
  expect(stepsOf(12, { layers: 1, hidden: 1, heads: 1, length: 256 })).toBe(3);
  expect(stepsOf(1, { layers: 1, hidden: 1, heads: 1, length: 256 })).toBe(1);
});

const ours = (seconds: number, accuracyOriginal: number) => ({
  ...{ secondsOriginal: seconds, secondsShifted: 2 * seconds, wholeSeconds: 4 * seconds, peakMemoryMb: 1000 },
  ...{ accuracyOriginal, accuracyShifted: 0.7 },
});
const torchs = (seconds: number, accuracyOriginal: number) => ({
  ...{ first: { seconds }, second: { seconds: 2 * seconds }, wholeSeconds: 5 * seconds, rss_mb: 2000 },
  ...{ accuracyOriginal, accuracyShifted: 0.7 },
});
const protocol = [
  ...samplesOf('finetune', 'layerwise', [ours(10, 0.8), ours(12, 0.82), ours(11, 0.81)]),
  ...samplesOf('finetune', 'batch', [torchs(22, 0.8), torchs(20, 0.8), torchs(30, 0.8)]),
  ...samplesOf('finetune', 'length', [torchs(11, 0.8), torchs(10, 0.8), torchs(12, 0.8)]),
];

it('the protocol: both phases of both sides, for each padding', () => {
  const [times, accuracies] = protocolTables(settings, protocol);
  expect(times?.columns.map(({ name }) => name)).toEqual([
    ...['figure', 'layerwise', 'PyTorch, batch', 'ratio, batch', 'PyTorch, length', 'ratio, length'],
  ]);
  expect(times?.rows).toEqual([
    ['first phase, s', 11, 22, 2, 11, 1],
    ['second phase, s', 22, 44, 2, 22, 1],
    ['both phases, s', 33, 66, 2, 33, 1],
    ['whole command, s', 44, 110, 2.5, 55, 1.25],
    ['memory at most, MiB', 1000, 2000, 2, 2000, 2],
  ]);
  // p_o: 81 ± t(0.95, 2 degrees of freedom: 2.919986) · 1 / √3, against 80 exactly.
  const [name, padding, mine, theirs, difference, low, high] = accuracies?.rows[0] ?? [];
  expect([name, padding]).toEqual(['p_o, %', 'batch']);
  expect(mine).toBeCloseTo(81, 9);
  expect(theirs).toBeCloseTo(80, 9);
  expect(difference).toBeCloseTo(1, 9);
  expect(low).toBeCloseTo(1 - 2.919986 / Math.sqrt(3), 5);
  expect(high).toBeCloseTo(1 + 2.919986 / Math.sqrt(3), 5);
});

it('alone, ours has no table of accuracies to compare', () => {
  expect(protocolTables(settings, protocol.slice(0, 3)).map(({ title }) => title)).toEqual([
    'The whole protocol',
  ]);
});

it('asks both sides for the same', () => {
  expect(taskWords(settings)).toEqual([
    ...['--original', '/d/SST-2', '--shifted', '/d/MRPC', '--encoder', '/e'],
    ...['--train-limit', 4000, '--epochs', 1, '--rates', 1e-4],
  ]);
  expect(peerSettings(settings, 3, 'length', 2)).toEqual({
    ...{ encoder: '/e', data: '/d', original: 'SST-2', shifted: 'MRPC', rates: Array(10).fill(1e-4) },
    ...{ epochs: 1, train: 4000, seed: 3, threads: 2, padding: 'length' },
  });
});

it('sides run in turn', async () => {
  const order: string[] = [];
  const side = (name: string) => (run: number) => {
    order.push(`${name}${run}`);
    return Promise.resolve({ run });
  };
  const context = { settings: { ...settings, runs: 2 }, peer: null, folder: '', say: () => undefined };
  const { signal } = new AbortController();
  const look = () => Promise.resolve(before);
  const samples = await inTurn({ ...context, signal, look }, 'a', { x: side('x'), none: null, y: side('y') });
  expect(order).toEqual(['x0', 'y0', 'x1', 'y1']);
  expect(figuresOf(samples, 'a', 'y', ({ run }: { run: number }) => run)).toEqual([0, 1]);
});

const report = {
  machine: { date: '2026-11-26', cores: 2, cpu: 'A CPU', versions: { Node: '20.1.0' } },
  command: 'npm run bench -- step',
  settings,
  parts: { step: { tables: [stepTable(settings.shapes.slice(1), steps)], samples: steps.slice(6) } },
};

it('a report has no column for what was not measured', () => {
  expect(reportText(report)).toContain('encoder   texts × tokens  layerwise ms  layerwise MiB');
  expect(reportText(report)).not.toContain('PyTorch');
});

it('a report in Markdown is as Prettier writes it', async () => {
  const text = `${reportMarkdown(report)}\n`;
  expect(text).toContain('npm run bench -- step');
  expect(await check(text, { parser: 'markdown' })).toBe(true);
});

it('a report in JSON has every run and no place of the machine', () => {
  const text = JSON.stringify(reportJson(report));
  expect(text).toContain('"medianMs":9000');
  expect(text).not.toContain('/e');
});
