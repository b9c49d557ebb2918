/**
 * Fine-tuning as a search's objective: the whole rung is `finetune`'s result, rungs report each figure, and a
 * killed run goes on.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTask } from '@layerwise/datasets';
import { completeRun, prepareRun, settingsFrom, tokenizerOf } from '@layerwise/finetune';
import type { RunContext, RunEnd, RunRequest } from '@layerwise/search';
import { expect, it, onTestFinished } from 'vitest';
import { costOf, createWork, openSearch, type FinetuneConfiguration } from '@layerwise/rate-search';
import { openEncoderSource } from '../src/running/encoder-source.js';

const CONFIGURATION: FinetuneConfiguration = {
  original: 'builtin:sentiment?rows=120&seed=1',
  shifted: 'builtin:paraphrase?rows=100&seed=2',
  encoder: (await openEncoderSource('builtin:tiny')).folder,
  taskOptions: { original: {}, shifted: {} },
  trainLimit: 48,
  heldOut: 30,
  choices: {
    groups: 'paper',
    optimizer: 'adam',
    schedule: 'cosine',
    warmup: 0.1,
    epochsOriginal: 3,
    epochsShifted: 3,
    batch: 16,
    accumulate: 1,
    maxLength: 32,
    engine: 'onnxruntime',
    provider: 'cpu',
    threads: 1,
  },
  space: 'flat',
  rung: 'resumed',
  protocol: 'held-out',
  selectionSeed: 1,
  checkpointEvery: 2,
  tokenFolder: null,
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'layerwise-objective-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const request = (more: Partial<RunRequest> = {}): RunRequest => {
  return { trial: 3, values: { lr: 1e-3 }, seed: 5, from: 0, to: 9, full: 9, ...more };
};

const context = (more: Partial<RunContext> = {}): RunContext => {
  const { signal } = new AbortController();
  return { folder: folder(), signal, progress: () => undefined, ...more };
};

function measured(end: RunEnd): Extract<RunEnd, { kind: 'measured' }> {
  if (end.kind !== 'measured') throw new Error(end.kind);
  return end;
}

it('under the paper’s protocol, is what finetune gives', async () => {
  const objective = await createWork({ ...CONFIGURATION, protocol: 'paper' });
  const end = measured(await objective(request(), context()));

  const encoder = await openEncoderSource(CONFIGURATION.encoder);
  const tasks = {
    original: (await openTask(CONFIGURATION.original, { trainLimit: 48 })).task,
    shifted: (await openTask(CONFIGURATION.shifted, { trainLimit: 48 })).task,
  };
  const settings = settingsFrom({ ...CONFIGURATION.choices, rates: '1e-3', seed: 5 }, encoder.config.layers);
  const run = await prepareRun(tasks, encoder, await tokenizerOf(encoder, null), settings);
  const outputFolder = folder();
  const ordinary = await completeRun(run, settings, {
    outputFolder,
    checkpointEvery: 0,
    signal: context().signal,
    classifiers: false,
    weights: false,
    onPhase: () => undefined,
    onStep: () => undefined,
  });
  if (ordinary.kind !== 'finished') throw new Error(ordinary.kind);
  const { accuracyOriginalBefore, accuracyOriginal, accuracyShifted, reward } = ordinary.row;
  expect(end).toEqual({
    kind: 'measured',
    reward,
    measures: {
      originalBefore: accuracyOriginalBefore,
      original: accuracyOriginal,
      shifted: accuracyShifted,
    },
    steps: 9 + 9,
  });
});

it('reports each accuracy at each rung, the dev splits’ at the whole one, and the steps that it took', async () => {
  const objective = await createWork(CONFIGURATION);
  const own = folder();
  const beats: [number, number][] = [];
  const ends = [];
  for (const [from, to] of [
    [0, 1],
    [1, 3],
    [3, 9],
  ] as const) {
    beats.length = 0;
    const progress = (done: number, total: number) => beats.push([done, total]);
    ends.push(measured(await objective(request({ from, to }), context({ folder: own, progress }))));
  }
  // (f - f') T_o + f T_s of nine steps each.
  expect(ends.map(({ steps }) => steps)).toEqual([1 + 1, 2 + 3, 6 + 9]);
  expect(beats).toEqual(Array.from({ length: 16 }, (_, done) => [done, 15]));
  for (const { reward, measures } of ends) expect(reward).toBe(measures['original']! + measures['shifted']!);
  expect(Object.keys(ends[1]!.measures)).toEqual(['originalBefore', 'original', 'shifted']);
  expect(Object.keys(ends[2]!.measures)).toContain('devOriginal');
  // Held-out rows are 30, so that accuracies are in thirtieths.
  expect((30 * ends[2]!.measures['shifted']!) % 1).toBeCloseTo(0, 9);
  const straight = measured(await objective(request(), context()));
  expect(straight.measures).toEqual(ends[2]!.measures);
  const { lengths } = await openSearch(CONFIGURATION);
  const cost = costOf(lengths, 'resumed');
  expect([cost(0, 1, 9), cost(1, 3, 9), cost(3, 9, 9), cost(0, 9, 9)]).toEqual([2, 5, 15, 18]);
});

it('goes on where it was stopped, and counts the steps of before', async () => {
  const objective = await createWork(CONFIGURATION);
  const own = folder();
  const controller = new AbortController();
  const progress = (done: number): void => {
    if (done === 12) controller.abort();
  };
  const stopped = await objective(request(), { folder: own, signal: controller.signal, progress });
  expect(stopped).toEqual({ kind: 'stopped', steps: 12 });
  const beats: number[] = [];
  const end = await objective(request(), context({ folder: own, progress: (done) => beats.push(done) }));
  expect(beats).toEqual([0, 13, 14, 15, 16, 17, 18]);
  expect(end).toEqual(await objective(request(), context()));
});

it('calls rates that are too high diverged', async () => {
  // Groups of two layers: embeddings, parts 4 and 8, head.
  const rate = { type: 'float', low: 1e-7, high: 1e30, log: true };
  const text = JSON.stringify({ lr0: rate, lr4: rate, lr8: rate, lr9: rate });
  const space = { text, file: 'space.json' };
  const objective = await createWork({
    ...CONFIGURATION,
    space,
    choices: { ...CONFIGURATION.choices, optimizer: 'sgd' },
  });
  const values = { lr0: 1e30, lr4: 1e30, lr8: 1e30, lr9: 1e30 };
  const end = await objective(request({ values }), context());
  expect(end.kind).toBe('diverged');
  expect(end).toHaveProperty('message', expect.stringContaining('sentiment'));
});

it('refuses a folder that is no task in one sentence', async () => {
  const missing = { ...CONFIGURATION, original: join(folder(), 'missing') };
  await expect(createWork(missing)).rejects.toThrow('missing');
  mkdirSync(missing.original);
  await expect(createWork(missing)).rejects.toThrow(missing.original);
});
