/**
 * The stage from folder to folder: what it writes and draws, when it runs again, and what it refuses before
 * it writes anything.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  clusterTable,
  drawPlots,
  readTable,
  runStage,
  writeEmbeddingFolder,
  writeTaskFolder,
  type Embeddings,
  type Task,
} from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { readPairFolder } from '@layerwise/pairs';
import { beforeEach, describe, expect, it } from 'vitest';
import { embeddingsOf, taskOf, temporaryFolder } from '../test/tasks.js';
import { clusterShiftStage } from './stage.js';
import { centresTable, silhouetteTable } from './tables.js';

const task = taskOf(240, 80);
const embeddings = embeddingsOf(task, 6, 12, 1);

let folder: string;
let outputFolder: string;
beforeEach(() => {
  folder = temporaryFolder();
  outputFolder = join(folder, 'out');
});

type Given = Parameters<typeof runStage<typeof clusterShiftStage.parameters>>[1]['parameters'];

async function run(
  parameters: Given = {},
  of: Task = task,
  vectors: Embeddings = embeddings,
  signal?: AbortSignal,
) {
  const inputs = { task: join(folder, 'task'), embeddings: join(folder, 'embeddings') };
  mkdirSync(inputs.embeddings, { recursive: true });
  await writeTaskFolder(of, inputs.task);
  await writeEmbeddingFolder(vectors, inputs.embeddings);
  return runStage(clusterShiftStage, { parameters, inputs, outputFolder, ...(signal && { signal }) });
}

async function refusal(...given: Parameters<typeof run>): Promise<string> {
  const error: unknown = await run(...given).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  if (existsSync(outputFolder)) expect(existsSync(outputFolder)).toBe(false);
  return (error as InputError).message;
}

describe('the stage', () => {
  it('writes the pair, the cluster of each row, centres and silhouettes', async () => {
    const { manifest } = await run({ k: 3, shifted: '2' });
    const pair = await readPairFolder(outputFolder);
    expect(pair.kind).toBe('cluster');
    expect(pair.sources.original).toEqual(embeddings.texts);

    const clusters = await readTable(join(outputFolder, 'clusters.arrow'), clusterTable);
    expect(clusters.metadata).toMatchObject({ task: 'rivers', k: '3' });
    expect(clusters.column('split')).toEqual([
      ...Array<string>(240).fill('train'),
      ...Array<string>(80).fill('dev'),
    ]);
    expect([...clusters.column('index')]).toEqual([...task.train.index, ...task.dev.index]);
    const cluster = clusters.column('cluster');
    const rowsOf = (which: number, from: number, to: number): number[] =>
      [...cluster.subarray(from, to).keys()].filter((row) => cluster[from + row] === which);
    expect([...pair.rows.original.train]).toEqual(rowsOf(0, 0, 240));
    expect([...pair.rows.shifted.dev]).toEqual(rowsOf(2, 240, 320));

    const centres = await readTable(join(outputFolder, 'centres.arrow'), centresTable);
    expect(centres.metadata).toMatchObject({ encoder: 'formula', pooling: 'cls', fit: 'train', seed: '1' });
    expect(centres.column('fittedOn')).toEqual(['train', 'train', 'train']);
    expect([...centres.column('trainRows')]).toEqual([0, 1, 2].map((which) => rowsOf(which, 0, 240).length));
    expect([...centres.column('devRows')]).toEqual([0, 1, 2].map((which) => rowsOf(which, 240, 320).length));
    const { size, values } = centres.column('vector');
    const rows = rowsOf(1, 0, 240);
    const first = rows.reduce((sum, row) => sum + embeddings.train.values[row * 6]!, 0) / rows.length;
    expect(size).toBe(6);
    expect(values[6]).toBeCloseTo(first, 6);

    const curve = await readTable(join(outputFolder, 'silhouette.arrow'), silhouetteTable);
    expect([...curve.column('k')]).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(curve.metadata).toMatchObject({ k: '3', rows: '240', sampleRows: '240' });
    const inertia = curve.column('inertia');
    expect(inertia[0]).toBeGreaterThan(inertia[6] ?? Infinity);

    expect(manifest.seed).toBe(1);
    expect(manifest.counts).toMatchObject({ originalTrain: pair.original.train.text.length });
    const notes = manifest.notes?.join('\n');
    expect(notes).toMatch(/K-means of the rows of train came to rest after \d+ iterations/);
    expect(notes).toMatch(/\d+ train rows in clusters that belong to neither part are left out/);
    expect(notes).toMatch(/of k = 2, 3, 4, 5, 6, 7, 8, the silhouette is largest at k = \d/);
  });

  it('writes the same bytes again, and runs only where something changed', async () => {
    const { manifest } = await run();
    expect((await run()).skipped).toBe(true);
    const moved = embeddings.train.values.with(0, 9);
    const changed = { ...embeddings, train: { ...embeddings.train, values: moved } };
    expect((await run({}, task, changed)).skipped).toBe(false);
    expect((await run({ fit: 'both' })).skipped).toBe(false);
    const again = await run({ fit: 'train' });
    expect(again.skipped).toBe(false);
    expect(again.manifest.outputs).toEqual(manifest.outputs);
  });

  it('tells of clusters that are empty or of one label, of an early stop, and of both fits', async () => {
    // Three rows far away make clusters of their own; dev has none of them.
    const values = embeddings.train.values.slice();
    values.fill(500, 0, 3 * 6).fill(-500, 3 * 6, 6 * 6);
    const far = { ...embeddings, train: { ...embeddings.train, values } };
    const notes = (await run({ k: 4 }, task, far)).manifest.notes;
    expect(notes).toContain(
      'clusters 2, 3 have no dev rows; an empty cluster keeps its centre, it is not seeded anew',
    );
    expect(notes).toContain('clusters 2, 3 have train rows of one label alone');
    const early = (await run({ fit: 'each', maxIterations: 1 })).manifest.notes;
    for (const split of ['train', 'dev'])
      expect(early).toContain(
        `K-means of the rows of ${split} did not come to rest in 1 iteration; raise --max-iterations`,
      );
    const centres = await readTable(join(outputFolder, 'centres.arrow'), centresTable);
    expect(centres.column('fittedOn')).toEqual(['train', 'train', 'dev', 'dev']);
  });

  it('draws the silhouette from its outputs alone', async () => {
    await run();
    const files = await drawPlots(clusterShiftStage, outputFolder);
    expect(files).toEqual(expect.arrayContaining(['plots/silhouette.svg', 'plots/silhouette.png']));
    const svg = readFileSync(join(outputFolder, 'plots', 'silhouette.svg'), 'utf8');
    expect(svg).toContain('number of clusters K');
    expect(svg).toContain('Silhouette of the clusters of rivers');
  });
});

describe('the stage refuses, with one sentence and nothing written,', () => {
  it('one cluster, more clusters than rows, and a seed that is too large', async () => {
    expect(await refusal({ k: 1 })).toMatch(/parameter k is wrong/);
    // Generators take 32 bits: a larger seed would be the same as a smaller one.
    expect(await refusal({ seed: 2 ** 32 })).toMatch(/parameter seed is wrong/);
    expect(await refusal({ k: 241 })).toBe(
      '241 clusters cannot be made of the 240 train rows of rivers; lower --k',
    );
  });

  it('clusters that there are not, or that are in both parts', async () => {
    expect(await refusal({ shifted: 2 })).toBe(
      '--shifted names "2", but wants different clusters from 0 to 1',
    );
    expect(await refusal({ k: 3, original: '0,1', shifted: [1] })).toMatch(/both name cluster 1/);
  });

  it('embeddings of another task, and embeddings that are no numbers', async () => {
    const other = { ...task, dev: { ...task.dev, text: task.dev.text.with(3, 'another sentence') } };
    expect(await refusal({}, other)).toMatch(
      /holds embeddings of another task than rivers: .* with other texts/,
    );
    const values = embeddings.dev.values.with(7, NaN);
    const broken = { ...embeddings, dev: { ...embeddings.dev, values } };
    expect(await refusal({}, task, broken)).toMatch(/dev.arrow: row 1, number 1 of its vector is NaN/);
  });

  it('parts that are too small or of one label', async () => {
    expect(await refusal({ minimumRows: 200 })).toMatch(
      /^the original part rivers \(cluster 0\) has only \d+ train rows, but 200 are the least/,
    );
    const label = task.dev.label.map(() => 1);
    expect(await refusal({}, { ...task, dev: { ...task.dev, label } })).toMatch(
      /^the original part rivers \(cluster 0\) has dev rows of the label wild alone/,
    );
  });

  it('a folder of embeddings that is none, and an output folder that cannot be one', async () => {
    const nothing = { task: join(folder, 'task'), embeddings: temporaryFolder() };
    await writeTaskFolder(task, nothing.task);
    const options = { parameters: {}, inputs: nothing, outputFolder };
    await expect(runStage(clusterShiftStage, options)).rejects.toThrow(/train.arrow: it does not exist/);
    expect(existsSync(outputFolder)).toBe(false);
    outputFolder = join(folder, 'file');
    writeFileSync(outputFolder, 'a file');
    const error: unknown = await run().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(/a file is where a folder should be/);
  });

  it('to go on when the person gives up', async () => {
    await expect(run({}, task, embeddings, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(existsSync(outputFolder) ? readdirSync(outputFolder) : []).toEqual([]);
  });
});
