/**
 * A whole evaluation: its figures against the files of its runs and runs made by hand, killed, in worker
 * processes, with failures.
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  comparisonsTable,
  driftTable,
  evaluationTable,
  flipsTable,
  predictionsTable,
  readTable,
  summaryTable,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { completeRun, prepareRun, readResults, settingsFrom, tokenizerOf } from '@layerwise/finetune';
import { openEncoder } from '@layerwise/model';
import { createInlineExecutor, type ExecutorOptions } from '@layerwise/workers';
import { afterAll, describe, expect, it } from 'vitest';
import { type EvaluateOptions } from '../src/evaluate.js';
import { MEASURES } from '../src/measures/measures.js';
import { readEvaluatedPair } from '../src/plan/plan.js';
import { createWork } from '../src/runs/run-cell.js';
import { evaluation, temporaryFolder } from './tiny-evaluation.js';

const METHODS = ['flat', 'single', 'joint'];
const PAIRS = ['motion → place', 'place → motion'];

/** What `evaluation.arrow` says of each run, without the time: by method, pair and seed. */
async function figures(folder: string): Promise<Record<string, unknown[]>> {
  const table = await readTable(join(folder, 'evaluation.arrow'), evaluationTable);
  const columns = [...MEASURES, 'status', 'steps', 'reasons'] as const;
  return Object.fromEntries(
    table.column('method').map((method, row) => {
      const run = `${method} ${table.column('pair')[row]} ${table.column('seed')[row]}`;
      return [run, columns.map((name) => table.column(name)[row])];
    }),
  );
}

describe('an evaluation', async () => {
  const folder = temporaryFolder(afterAll);
  const { run, options } = await evaluation(folder, { methods: METHODS });
  const { outputFolder } = options;
  const lines: string[] = [];
  const end = await run();
  const table = await readTable(join(outputFolder, 'evaluation.arrow'), evaluationTable);
  const rowOf = (method: string, pair: string, seed: number): number =>
    table.column('method').findIndex((name, row) => {
      return name === method && table.column('pair')[row] === pair && table.column('seed')[row] === seed;
    });

  it('has a row a method, pair and seed', () => {
    expect(end.kind).toBe('finished');
    expect(table.column('method')).toHaveLength(3 * 2 * 2);
    for (const pair of PAIRS)
      for (const seed of [1, 2]) expect(rowOf('joint', pair, seed)).toBeGreaterThan(-1);
    expect(new Set(table.column('status'))).toEqual(new Set(['complete']));
  });

  it("has the figures of its runs' own results, and of a run made by hand", async () => {
    const row = rowOf('flat', PAIRS[0]!, 2);
    const own = await readResults(join(outputFolder, table.column('folder')[row]!));
    const { tasks } = await readEvaluatedPair(options.pairs[0]!);
    const encoder = openEncoder(options.encoder);
    const settings = settingsFrom({ ...options.choices, seed: 2, method: 'flat' }, encoder.config.layers);
    const byHand = await completeRun(
      await prepareRun(tasks, encoder, await tokenizerOf(encoder, null), settings),
      settings,
      {
        outputFolder: join(folder, 'hand'),
        checkpointEvery: 0,
        signal: options.signal,
        classifiers: false,
        onPhase: () => undefined,
        onStep: () => undefined,
      },
    );
    if (byHand.kind !== 'finished') throw new Error(byHand.kind);
    expect(own.accuracyOriginal).toBe(byHand.row.accuracyOriginal);
    expect(own.accuracyShifted).toBe(byHand.row.accuracyShifted);
    const [before, after, shifted] = [
      own.accuracyOriginalBefore!,
      own.accuracyOriginal!,
      own.accuracyShifted!,
    ];
    expect(table.column('accuracy_original')[row]).toBe(after);
    expect(table.column('reward')[row]).toBe(after + shifted);
    expect(table.column('forgetting')[row]).toBeCloseTo(before - after, 12);
    expect(table.column('backward_transfer')[row]).toBeCloseTo(after - before, 12);
    const alone = table.column('accuracy_shifted')[rowOf('single', PAIRS[0]!, 2)]!;
    expect(table.column('intransigence')[row]).toBeCloseTo(alone - shifted, 12);
  });

  it("takes from single what D_o and D_s alone give: D_o's is what every flat run has before phase 2", () => {
    const [single, flat] = [rowOf('single', PAIRS[1]!, 1), rowOf('flat', PAIRS[1]!, 1)];
    expect(table.column('accuracy_original')[single]).toBe(table.column('accuracy_original_before')[flat]);
    expect(table.column('forgetting')[single]).toBeNull();
    expect(JSON.parse(table.column('reasons')[single]!)).toMatchObject({
      forgetting: 'single trains each task alone, so that nothing comes after D_o',
    });
    // Where phase 1 is left out, so is what came before phase 2.
    const joint = JSON.parse(table.column('reasons')[rowOf('joint', PAIRS[1]!, 1)]!) as object;
    expect(Object.keys(joint)).toEqual(['accuracy_original_before', 'forgetting', 'backward_transfer']);
  });

  it('has means, comparisons and drift of all that can be compared', async () => {
    const summaries = await readTable(join(outputFolder, 'method-summary.arrow'), summaryTable);
    expect(summaries.column('method')).toHaveLength(3 * 2 * 7);
    const comparisons = await readTable(join(outputFolder, 'comparisons.arrow'), comparisonsTable);
    expect(comparisons.column('pair')).toHaveLength(2 * 3 * 3);
    expect([...comparisons.column('seeds')].every((seeds) => seeds === 2)).toBe(true);
    const drift = await readTable(join(outputFolder, 'drift.arrow'), driftTable);
    expect(new Set(drift.column('method'))).toEqual(new Set(['flat']));
    // Three groups in two phases, and one layer.
    expect(drift.column('method')).toHaveLength(2 * 2 * (3 * 2 + 1));
  });

  it('tells the texts whose answer changed, and no others', async () => {
    const flips = await readTable(join(outputFolder, 'flips.arrow'), flipsTable);
    const place = flips.column('method').indexOf('flat');
    expect(place).toBeGreaterThan(-1);
    const [pair, seed] = [flips.column('pair')[place]!, flips.column('seed')[place]!];
    const { tasks } = await readEvaluatedPair(options.pairs[PAIRS.indexOf(pair)]!);
    const { labels, dev } = tasks.original;
    const answers = async (file: string): Promise<Int32Array> => {
      const own = join(outputFolder, table.column('folder')[rowOf('flat', pair, seed)]!, file);
      return (await readTable(own, predictionsTable)).column('predicted');
    };
    const before = await answers('predictions-original-before.arrow');
    const after = await answers('predictions-original.arrow');
    const changed = [...dev.label.keys()].filter(
      (row) => (before[row] === dev.label[row]) !== (after[row] === dev.label[row]),
    );
    const own = flips.column('method').flatMap((method, at) => {
      const isOwn =
        method === 'flat' && flips.column('pair')[at] === pair && flips.column('seed')[at] === seed;
      return isOwn ? [at] : [];
    });
    expect(own.map((at) => flips.column('text')[at])).toEqual(changed.map((row) => dev.text[row]));
    expect(own.map((at) => flips.column('after')[at])).toEqual(changed.map((row) => labels[after[row]!]));
    expect(own.length).toBeLessThan(dev.label.length);
  });

  it('is not run again; one with a damaged file is, alone', async () => {
    const kept = join(outputFolder, 'runs/flat/motion-place/1/history.arrow');
    const damaged = join(outputFolder, 'runs/flat/motion-place/2/history.arrow');
    const [before, expected] = [statSync(kept).mtimeMs, await figures(outputFolder)];
    writeFileSync(damaged, 'cut');
    const again = await evaluation(folder, {
      methods: options.methods,
      onCell: ({ method, pair, seed }) => lines.push(`${method} ${pair} ${seed}`),
    });
    await again.run();
    expect(lines).toHaveLength(12);
    expect(statSync(kept).mtimeMs).toBe(before);
    expect(statSync(damaged).size).toBeGreaterThan(100);
    expect(await figures(outputFolder)).toEqual(expected);
  });

  it('in two worker processes comes to the same figures', async () => {
    const { run: other } = await evaluation(temporaryFolder(), {
      methods: ['flat', 'single'],
      seeds: [1],
      workers: 2,
      outputFolder: join(folder, 'workers'),
    });
    expect((await other()).kind).toBe('finished');
    const found = await figures(join(folder, 'workers'));
    expect(Object.keys(found)).toHaveLength(4);
    expect(await figures(outputFolder)).toMatchObject(found);
  });

  it('where it is told to it comes to the same figures, and starts no process', async () => {
    const asked: ExecutorOptions[] = [];
    const elsewhere = join(folder, 'elsewhere');
    const { run: other } = await evaluation(temporaryFolder(), {
      methods: ['flat', 'single'],
      seeds: [1],
      workers: 2,
      outputFolder: elsewhere,
      createExecutor: async (options) => {
        asked.push(options);
        return createInlineExecutor(await createWork(options.configuration));
      },
    });
    expect((await other()).kind).toBe('finished');
    expect(asked).toMatchObject([{ workers: 2, logFolder: join(elsewhere, 'workers') }]);
    expect(existsSync(join(elsewhere, 'workers'))).toBe(false);
    expect(await figures(outputFolder)).toMatchObject(await figures(elsewhere));
  });

  it('stopped in the middle of a run it goes on to the same figures', async () => {
    const stopped = temporaryFolder();
    const controller = new AbortController();
    const changed = { methods: ['flat', 'single'], seeds: [1] };
    const first = await evaluation(stopped, {
      ...changed,
      signal: controller.signal,
      // In the second cell, behind its first phase.
      onProgress: (texts) => {
        if (texts > 6 * (64 + 40)) controller.abort(new Error('enough'));
      },
    });
    expect((await first.run()).kind).toBe('stopped');
    const second = await evaluation(stopped, changed);
    expect((await second.run()).kind).toBe('finished');
    expect(await figures(outputFolder)).toMatchObject(await figures(second.options.outputFolder));
  });
});

it('a run that diverges is data; one that fails is told, and tried again', async () => {
  const folder = temporaryFolder();
  const wild = await evaluation(folder, {
    methods: ['flat'],
    seeds: [1],
    choices: { ...(await evaluation(temporaryFolder())).options.choices, rates: '1e30', optimizer: 'sgd' },
  });
  const end = await wild.run();
  if (end.kind !== 'finished') throw new Error(end.kind);
  const [first] = end.evaluation.runs;
  expect(first?.status).toBe('diverged');
  expect(first?.measures.reward).toEqual({
    reason: expect.stringMatching(/^training diverged at step \d+ of the phase on motion$/) as string,
  });
  expect(readFileSync(join(wild.options.outputFolder, 'tables.txt'), 'utf8')).toContain('training diverged');

  const broken = await evaluation(folder, { methods: ['flat'], seeds: [3] });
  // The run's folder cannot be made: a file lies where its parent should be.
  rmSync(join(broken.options.outputFolder, 'runs'), { recursive: true });
  writeFileSync(join(broken.options.outputFolder, 'runs'), '');
  const failed = await broken.run();
  if (failed.kind !== 'finished') throw new Error(failed.kind);
  expect(failed.failed).toHaveLength(2);
  expect(failed.evaluation.runs[0]?.measures.reward).toEqual({
    reason: expect.stringContaining('the run failed: ') as string,
  });
  rmSync(join(broken.options.outputFolder, 'runs'));
  const mended = await broken.run();
  expect(mended).toMatchObject({ kind: 'finished', failed: [] });
});

it('refuses what makes no sense before anything is trained', async () => {
  const folder = temporaryFolder();
  const refused = async (changed: Partial<EvaluateOptions>): Promise<unknown> =>
    (await evaluation(folder, changed)).run();
  await expect(refused({ methods: ['flat', 'magic'] })).rejects.toThrow(/no method magic; choose from flat/);
  await expect(refused({ methods: ['flat', 'flat'] })).rejects.toThrow(InputError);
  await expect(refused({ seeds: [] })).rejects.toThrow(/at least one seed/);
  await expect(refused({ methods: ['distribution'] })).rejects.toThrow(
    /needs a search of the pair motion → place/,
  );
  // The tiny encoder was never trained on masked words.
  await expect(refused({ methods: ['flat', 'ewc'] })).rejects.toThrow(/masked/);
  await expect(refused({ pairs: [folder] })).rejects.toThrow(InputError);
});
