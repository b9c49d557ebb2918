/**
 * A whole study: its figures are those of fine-tuning runs made by hand, and what was done once is not done
 * again.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Split, Task } from '@layerwise/artifacts';
import { completeRun, prepareRun, type Phase, type ResultsRow, type Settings } from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import { pairOfTasks } from '@layerwise/pairs';
import { describe, expect, it } from 'vitest';
import { describeUnit, figureOf, partsShareHead, plannedUnits, studyFingerprint } from '../src/index.js';
import {
  finished,
  PAIR,
  study,
  TASK,
  temporaryFolder,
  tinyEncoder,
  tinySettings,
  tokenizer,
} from './tiny-study.js';

const SETTINGS = tinySettings();
const TASKS = [{ name: 'water', pair: PAIR, settings: SETTINGS }];

/** `layerwise finetune` without the command line. */
async function byHand(
  encoder: EncoderFolder,
  tasks: Readonly<Record<Phase, Task>>,
  changed: Partial<Settings>,
): Promise<ResultsRow> {
  const settings = { ...SETTINGS, ...changed };
  const run = await prepareRun(tasks, encoder, await tokenizer(encoder), settings);
  const end = await completeRun(run, settings, {
    outputFolder: temporaryFolder(),
    checkpointEvery: 0,
    classifiers: false,
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onStep: () => undefined,
  });
  if (end.kind !== 'finished') throw new Error(end.kind);
  return end.row;
}

/** All training rows of the task, the shorter ones first; dev as given. */
function mixedByHand(dev: Split): Task {
  const order = [...PAIR.rows.original.train, ...PAIR.rows.shifted.train];
  const { index, text, label } = TASK.train;
  const train = {
    index: Int32Array.from(order, (row) => index[row]!),
    text: order.map((row) => text[row]!),
    pair: null,
    label: Int32Array.from(order, (row) => label[row]!),
  };
  return { name: 'mixed', labels: TASK.labels, train, dev };
}

describe('the figures of a study', () => {
  it('are those of the protocol, of D_s alone and of both mixed, each made by hand', async () => {
    const encoder = await tinyEncoder();
    const { tasks } = finished(await study(TASKS, encoder, temporaryFolder(), { seeds: [3] }));
    const { figures, steps } = tasks[0]!;
    const accuracy = (measure: string, part?: 'shifted'): number =>
      figureOf(figures, measure, part)!.accuracy;
    const { original, shifted } = PAIR;

    const protocol = await byHand(encoder, { original, shifted }, { seed: 3 });
    expect(accuracy('before')).toBeCloseTo(protocol.accuracyOriginalBefore!, 12);
    expect(accuracy('after')).toBeCloseTo(protocol.accuracyOriginal!, 12);
    expect(accuracy('after-shifted-head', 'shifted')).toBeCloseTo(protocol.accuracyShifted!, 12);

    // What D_s alone knows of D_o: the same run, evaluated there.
    const alone = { original: 0, shifted: 6 };
    const own = await byHand(encoder, { original, shifted }, { seed: 3, epochs: alone });
    const other = { ...shifted, dev: original.dev };
    const across = await byHand(encoder, { original, shifted: other }, { seed: 3, epochs: alone });
    expect(accuracy('shifted-alone', 'shifted')).toBeCloseTo(own.accuracyShifted!, 12);
    expect(accuracy('shifted-alone')).toBeCloseTo(across.accuracyShifted!, 12);

    for (const part of ['original', 'shifted'] as const) {
      const mixed = mixedByHand(PAIR[part].dev);
      const epochs = { original: 6, shifted: 0 };
      const row = await byHand(encoder, { original: mixed, shifted }, { seed: 3, epochs });
      expect(figureOf(figures, 'mixed', part)!.accuracy).toBeCloseTo(row.accuracyOriginal!, 12);
    }
    // 6 epochs of 32 rows by 8; both mixed have 64.
    expect([...steps]).toEqual([
      ['sequential', 48],
      ['alone', 24],
      ['mixed', 48],
    ]);
    // Not a comparison of nothing with nothing: it learns what it is shown.
    expect(accuracy('before')).toBeGreaterThan(0.7);
    expect(accuracy('mixed', 'shifted')).toBeGreaterThan(0.7);
    expect(accuracy('after - before')).toBeCloseTo(accuracy('after') - accuracy('before'), 12);
  });

  it('of two tasks with labels of their own: each head is asked about its own part, and none is mixed', async () => {
    const renamed: Task = { ...TASK, name: 'level', labels: ['high', 'low'] };
    const pair = pairOfTasks(TASK, renamed);
    expect([partsShareHead(PAIR), partsShareHead(pair)]).toEqual([true, false]);
    const settings = tinySettings({ epochs: { original: 1, shifted: 1 } });
    const end = await study([{ name: 'two', pair, settings }], await tinyEncoder(), temporaryFolder());
    const { figures } = finished(end).tasks[0]!;
    expect(figures.map(({ measure, part, rows, seeds }) => [measure, part, rows, seeds])).toEqual([
      ['before', 'original', 40, 2],
      ['after', 'original', 40, 2],
      ['after - before', 'original', 40, 2],
      ['after-shifted-head', 'shifted', 40, 2],
      ['shifted-alone', 'shifted', 40, 2],
      ['after-shifted-head - shifted-alone', 'shifted', 40, 2],
    ]);
  });
});

describe('a study goes on from what is there', () => {
  it('stopped after every few steps, it ends with the figures of one never stopped', async () => {
    const encoder = await tinyEncoder();
    const whole = finished(await study(TASKS, encoder, temporaryFolder(), { seeds: [1] }));
    const folder = temporaryFolder();
    const stops: string[] = [];
    for (;;) {
      const controller = new AbortController();
      let steps = 0;
      const end = await study(TASKS, encoder, folder, {
        seeds: [1],
        signal: controller.signal,
        onProgress: (_, { loss }) => {
          if (loss !== null && ++steps === 20) controller.abort();
        },
      });
      if (end.kind === 'finished') {
        expect(end.study.tasks[0]!.figures).toEqual(whole.tasks[0]!.figures);
        break;
      }
      stops.push(describeUnit(end.unit));
    }
    expect(new Set(stops)).toEqual(
      new Set(['water, sequential, seed 1', 'water, alone, seed 1', 'water, mixed, seed 1']),
    );
  });

  it('units are run once; one with a damaged file again, and another seed alone', async () => {
    const [encoder, folder] = [await tinyEncoder(), temporaryFolder()];
    const units = async (seeds: number[]) => {
      const seen: string[] = [];
      const texts: number[] = [];
      const end = await study(TASKS, encoder, folder, {
        seeds,
        onUnit: (unit, _, reused) => {
          if (!reused) seen.push(describeUnit(unit));
        },
        onProgress: (_, progress) => void texts.push(progress.texts),
      });
      return { seen, texts: Math.max(0, ...texts), figures: finished(end).tasks[0]!.figures };
    };
    const first = await units([1]);
    expect(first.seen).toHaveLength(3);
    // The last step of the longest unit has seen every text that was planned.
    expect(first.texts).toBe(384);
    expect(plannedUnits(TASKS, [1]).map(({ texts }) => texts)).toEqual([384, 192, 384]);
    expect(await units([1])).toEqual({ seen: [], texts: 0, figures: first.figures });

    const damaged = readdirSync(join(folder, 'units')).find((name) => name.includes('alone'))!;
    writeFileSync(join(folder, 'units', damaged, 'predictions-shifted.arrow'), 'nonsense');
    const repaired = await units([1]);
    expect(repaired.seen).toEqual(['water, alone, seed 1']);
    expect(repaired.figures).toEqual(first.figures);

    const more = await units([1, 5]);
    expect(more.seen.every((name) => name.endsWith('seed 5'))).toBe(true);
    expect(more.figures.every(({ seeds, sd }) => seeds === 2 && sd !== null)).toBe(true);
    // A unit keeps its answers and no weights.
    const kept = readdirSync(join(folder, 'units', damaged)).sort();
    expect(kept).toEqual(
      ['batches', 'history', 'predictions-shifted', 'results']
        .map((name) => `${name}.arrow`)
        .concat('manifest.json')
        .sort(),
    );
    rmSync(join(folder, 'units', damaged), { recursive: true });
    expect((await units([1])).seen).toEqual(['water, alone, seed 1']);
  });
});

describe('one sentence refuses', () => {
  it('a run that diverged, a task twice, a seed twice', async () => {
    const encoder = await tinyEncoder();
    const wild = {
      name: 'wild',
      pair: PAIR,
      settings: tinySettings({ rates: SETTINGS.rates.map(() => 1e30) }),
    };
    await expect(study([wild], encoder, temporaryFolder())).rejects.toThrow(
      /^wild, sequential, seed 1 diverged at step \d+ of the phase on water \(shorter\); lower --rates\.$/,
    );
    await expect(study([...TASKS, ...TASKS], encoder, temporaryFolder())).rejects.toThrow(
      '--tasks names water twice',
    );
    await expect(study(TASKS, encoder, temporaryFolder(), { seeds: [1, 1] })).rejects.toThrow(
      '--seeds names 1 twice',
    );
  });
});

it('the fingerprint is of pairs, settings and encoder, not of seeds', async () => {
  const encoder = await tinyEncoder();
  const print = (changed: Partial<Settings>, pair = PAIR) =>
    studyFingerprint([{ name: 'water', pair, settings: tinySettings(changed) }], encoder);
  const first = await print({});
  expect(await print({ seed: 9 })).toBe(first);
  expect(await print({ epochs: { original: 1, shifted: 1 } })).not.toBe(first);
  const relabelled = { ...PAIR.shifted, train: { ...PAIR.shifted.train, label: new Int32Array(32) } };
  expect(await print({}, { ...PAIR, shifted: relabelled })).not.toBe(first);
});
