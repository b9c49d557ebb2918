/** Tables of the parts, from runs whose figures are known. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from 'prettier';
import { describe, expect, it } from 'vitest';
import { figuresOf, inTurn, type Sample } from '../src/in-turn.mjs';
import { settingsOf } from '../src/options.mjs';
import { dropoutTable } from '../src/parts/dropout.mjs';
import { peerSettings, protocolTables, taskWords } from '../src/parts/finetune.mjs';
import { largeTables, stepOf, stepsOf as stepsOfHistory } from '../src/parts/large.mjs';
import { memoryShapes, memoryTable } from '../src/parts/memory.mjs';
import { parallelTable } from '../src/parts/parallel.mjs';
import { productsOf, productsTable, timesInOnnxruntime } from '../src/parts/products.mjs';
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
  secondsOriginal: seconds,
  secondsShifted: 2 * seconds,
  wholeSeconds: 4 * seconds,
  peakMemoryMb: 1000,
  accuracyOriginal,
  accuracyShifted: 0.7,
});
const torchs = (seconds: number, accuracyOriginal: number) => ({
  first: { seconds },
  second: { seconds: 2 * seconds },
  wholeSeconds: 5 * seconds,
  rss_mb: 2000,
  accuracyOriginal,
  accuracyShifted: 0.7,
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
    ...['--train-limit', 4000, '--epochs', 1],
  ]);
  expect(peerSettings(settings, 3, 'length', 2)).toEqual({
    encoder: '/e',
    data: '/d',
    original: 'SST-2',
    shifted: 'MRPC',
    rates: Array(10).fill(1e-4),
    epochs: 1,
    train: 4000,
    seed: 3,
    threads: 2,
    padding: 'length',
  });
});

it('dropout: what a step with it takes longer, as a share of that step', () => {
  const what = 'dropout, 2 × 128, 16 × 64';
  const samples = [
    ...samplesOf(what, 'layerwise with', [{ medianMs: 20 }]),
    ...samplesOf(what, 'layerwise without', [{ medianMs: 18 }]),
    ...samplesOf(what, 'PyTorch with', [{ median_ms: 40 }]),
    ...samplesOf(what, 'PyTorch without', [{ median_ms: 30 }]),
  ];
  const [row] = dropoutTable(settings.shapes.slice(0, 1), samples).rows;
  expect(row?.slice(0, 4)).toEqual(['2 × 128', '16 × 64', 20, 18]);
  expect(row?.[4]).toBeCloseTo(10, 12);
  expect(row?.[7]).toBe(25);
});

it('memory: every encoder at every length', () => {
  const shapes = memoryShapes({ ...settings, lengths: [64, 256] });
  expect(shapes.map(({ layers, length }) => [layers, length])).toEqual([
    [2, 64],
    [2, 256],
    [12, 64],
    [12, 256],
  ]);
  const samples = [
    ...samplesOf('memory, 12 × 768, 16 × 256', 'layerwise', [{ peakMemoryMb: 4000, medianMs: 100 }]),
    ...samplesOf('memory, 12 × 768, 16 × 256', 'layerwise --recompute', [
      { peakMemoryMb: 3000, medianMs: 130 },
    ]),
    ...samplesOf('memory, 12 × 768, 16 × 256', 'PyTorch', [{ rss_mb: 5000 }]),
  ];
  expect(memoryTable(shapes.slice(3), samples).rows).toEqual([
    ['12 × 768', '16 × 256', 4000, 5000, 1.25, 3000, 1.3],
  ]);
});

it('trials at once: as many an hour as end in it', () => {
  const samples = [
    ...samplesOf('2 at once', 'layerwise', [{ seconds: 100, megabytes: 1500 }]),
    ...samplesOf('2 at once', 'PyTorch', [{ seconds: 180, megabytes: 3000 }]),
    ...samplesOf('1 at once', 'layerwise', [{ seconds: 90, megabytes: null }]),
  ];
  expect(parallelTable({ ...settings, atOnce: [1, 2] }, samples).rows).toEqual([
    ['1', 40, null, null, null, null, null],
    ['2', 72, 40, 1.8, 1500, 3000, 2],
  ]);
});

describe('products of dense layers', () => {
  const [shape] = settings.shapes.slice(0, 1) as [(typeof settings.shapes)[number]];

  it('are three a layer, of the same work: the result and both gradients', () => {
    const products = productsOf(shape);
    expect(products.map(({ layer, name, m, k, n }) => `${layer}: ${name} of ${m}, ${k}, ${n}`)).toEqual([
      '128 → 128: x Wᵀ of 1024, 128, 128',
      '128 → 128: dy W of 1024, 128, 128',
      '128 → 128: dyᵀ x of 128, 1024, 128',
      '128 → 512: x Wᵀ of 1024, 128, 512',
      '128 → 512: dy W of 1024, 512, 128',
      '128 → 512: dyᵀ x of 512, 1024, 128',
      '512 → 128: x Wᵀ of 1024, 512, 128',
      '512 → 128: dy W of 1024, 128, 512',
      '512 → 128: dyᵀ x of 128, 1024, 512',
    ]);
    expect(products.map(({ transposeA, transposeB }) => [transposeA, transposeB]).slice(0, 3)).toEqual([
      [false, true],
      [false, false],
      [true, false],
    ]);
  });

  it('in a table: 2·m·k·n operations of each by its time, and of all by all', () => {
    const what = 'products, 2 × 128, 16 × 64';
    const ms = [1, 1, 1, 4, 4, 4, 4, 4, 4];
    const samples = [
      ...samplesOf(what, 'onnxruntime', [{ ms }]),
      ...samplesOf(what, 'PyTorch', [{ ms: ms.map((time) => time / 2) }]),
    ];
    const { rows } = productsTable(shape, samples);
    const gflops = (2 * 1024 * 128 * 128) / 1e6;
    const [first = [], last = []] = [rows[0], rows.at(-1)];
    expect(first.slice(0, 3)).toEqual(['128 → 128', 'x Wᵀ', 1]);
    expect(first[3]).toBeCloseTo(gflops, 9);
    expect(first.slice(4, 7)).toEqual([0.5, expect.closeTo(2 * gflops, 9), 0.5]);
    expect(last.slice(0, 3)).toEqual(['all', '', 27]);
    expect(last[3]).toBeCloseTo(gflops, 9);
    expect(last.slice(4)).toEqual([13.5, expect.closeTo(2 * gflops, 9), 0.5]);
    expect(productsTable(shape, samples.slice(0, 1)).rows.at(-1)?.slice(4)).toEqual([null, null, null]);
  });

  it('are run one by one, in a process that leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'layerwise-products-'));
    const { signal } = new AbortController();
    const products = productsOf({ layers: 1, hidden: 2, heads: 1, length: 1 });
    const { ms } = await timesInOnnxruntime(products, { threads: 1, folder, signal });
    expect(ms).toHaveLength(9);
    expect(Math.min(...ms)).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('a large task', () => {
  it('reads the steps of its first phase off the lines of progress and off the history', () => {
    expect(stepOf('SST-2 (original) 12% | step 500/4210 | loss 0.4 | 90 samples/s | 2m left')).toBe(500);
    expect(stepOf('agreement (shifted) 50% | step 1/2 | loss 0.4 | 90 samples/s')).toBeNull();
    const step = { step: 0, seconds: 1, tokens: 20, loss: 0.7 };
    const data = [
      { ...step, phase: 'original' },
      { ...step, phase: 'shifted' },
    ];
    expect(stepsOfHistory({ data })).toEqual([{ step: 0, seconds: 1, tokens: 20 }]);
  });

  it('compares its last thousand steps with the first, and its last tenth of memory', () => {
    // Steps of 0.1 s, from step 2,000 on of 0.125 s: 160 and 128 texts a second.
    const steps = Array.from({ length: 4000 }, (_, step) => ({
      step,
      seconds: step < 2000 ? 0.1 : 0.125,
      tokens: 320,
    }));
    const held = [
      { step: 100, megabytes: 600 },
      { step: 300, megabytes: 610 },
      { step: 3900, megabytes: 625 },
    ];
    const [time, ends] = largeTables(steps, held);
    expect(time?.rows).toHaveLength(10);
    expect(time?.rows[0]?.[0]).toBe('0 to 399');
    expect(time?.rows[0]?.[1]).toBeCloseTo(160, 6);
    expect(time?.rows[0]?.[3]).toBe(610);
    expect(time?.rows[5]?.[3]).toBeNull();
    const [texts, tokens, memory] = ends?.rows ?? [];
    expect(texts?.[3]).toBeCloseTo(80, 6);
    expect(tokens?.[1]).toBeCloseTo(3200, 6);
    expect(memory).toEqual(['memory, MiB', 610, 625, (100 * 625) / 610, 15]);
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
