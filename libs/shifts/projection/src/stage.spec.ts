/**
 * The stage from folders to a table and pictures: what it knows of each row, what it draws, what it refuses.
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPlots, projectionTable, readTable, runStage, type StageResult } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  boats,
  clusterFolder,
  embeddingFolder,
  predictionFile,
  taskFolder,
  temporaryFolder,
} from '../test/folders.js';
import { projectionStage } from './stage.js';

type Parameters = z.input<typeof projectionStage.parameters>;

interface Case {
  readonly parameters?: Parameters;
  readonly inputs?: Readonly<Record<string, string | readonly string[]>>;
  readonly outputFolder?: string;
}

/** Runs the stage on the boats, with these differences. */
async function run({ parameters = {}, inputs = {}, outputFolder = temporaryFolder() }: Case = {}): Promise<
  StageResult & { folder: string }
> {
  const own = { task: await taskFolder(), embeddings: await embeddingFolder() };
  const result = await runStage(projectionStage, {
    parameters: { perplexity: 5, iterations: 120, ...parameters },
    inputs: { ...own, ...inputs },
    outputFolder,
  });
  return { ...result, folder: outputFolder };
}

const tableOf = (folder: string) => readTable(join(folder, 'projection.arrow'), projectionTable);

describe('projection.arrow', () => {
  it('knows cluster, part, label and prediction of every dev row', async () => {
    const clusters = await clusterFolder(true);
    const { folder } = await run({ inputs: { clusters, predictions: await predictionFile() } });
    const table = await tableOf(folder);
    const rows = [...boats.dev.index.keys()];
    expect([...table.column('index')]).toEqual([...boats.dev.index]);
    expect(table.column('cluster')).toEqual(rows.map((row) => row % 2));
    expect(table.column('part')).toEqual(
      rows.map((row) => (row === 39 ? 'neither' : row % 2 === 0 ? 'original' : 'shifted')),
    );
    expect([...table.column('label')]).toEqual([...boats.dev.label]);
    expect(table.column('predicted')).toEqual(rows.map((row) => (row === 0 ? null : 0)));
    expect(table.column('text')).toEqual(boats.dev.text);
    expect(table.metadata).toMatchObject({ task: 'boats', split: 'dev', projector: 'druid', seed: '1' });
    // Odd and even rows are far apart, in the plane too.
    const [x, y] = [table.column('x'), table.column('y')];
    const nearest = rows.map((row) => {
      const others = rows.filter((other) => other !== row);
      const distance = (other: number): number => Math.hypot(x[row]! - x[other]!, y[row]! - y[other]!);
      return others.reduce((best, other) => (distance(other) < distance(best) ? other : best)) % 2;
    });
    expect(nearest).toEqual(rows.map((row) => row % 2));
  });

  it('leaves null what was not given, draws the train rows on demand, and a sample of many', async () => {
    const { folder, manifest } = await run({
      parameters: { projector: 'pca', split: 'train', limit: 12, seed: 3 },
    });
    const table = await tableOf(folder);
    expect(table.rows).toBe(12);
    expect(manifest.notes).toEqual(['a sample of 12 of the 30 train rows was drawn, by seed 3']);
    for (const name of ['cluster', 'part', 'predicted'] as const)
      expect(table.column(name)).toEqual(new Array(12).fill(null));
    const index = [...table.column('index')];
    expect(index).toEqual([...new Set(index)].sort((a, b) => a - b));
    index.forEach((number, i) => expect(table.column('text')[i]).toBe(boats.train.text[number - 10]));
  });

  it('has the same bits for the same seed', async () => {
    const bytes = async (seed: number): Promise<Buffer> =>
      readFileSync(join((await run({ parameters: { seed } })).folder, 'projection.arrow'));
    expect(await bytes(4)).toEqual(await bytes(4));
    expect(await bytes(5)).not.toEqual(await bytes(4));
  });
});

describe('pictures', () => {
  it('are coloured by what is known, without a word of the texts', async () => {
    const inputs = { clusters: await clusterFolder(true), predictions: await predictionFile() };
    const { folder } = await run({ inputs });
    await drawPlots(projectionStage, folder);
    const names = readdirSync(join(folder, 'plots')).filter((file) => file.endsWith('.svg'));
    expect(names.sort()).toEqual(['by-cluster.svg', 'by-error.svg', 'by-label.svg', 'by-part.svg']);
    const svg = (name: string): string => readFileSync(join(folder, 'plots', name), 'utf8');
    for (const name of names) expect(svg(name)).not.toMatch(/boat |leaves/);
    expect(svg('by-cluster.svg')).toContain('cluster 1 (20)');
    expect(svg('by-label.svg')).toContain('late (20)');
    for (const part of ['D_o (20)', 'D_s (19)', 'neither (1)']) expect(svg('by-part.svg')).toContain(part);
    // By hand: of rows 1 to 39, those labelled early are right.
    const right = [...boats.dev.label].slice(1).filter((label) => label === 0).length;
    expect(svg('by-error.svg')).toContain(`right (${right})`);
    expect(svg('by-error.svg')).toContain(`wrong (${39 - right})`);
  });

  it('of what is not known are left out', async () => {
    const { folder } = await run({
      parameters: { projector: 'pca' },
      inputs: { clusters: await clusterFolder(false) },
    });
    const files = await drawPlots(projectionStage, folder);
    expect(files?.filter((file) => file.endsWith('.svg'))).toEqual([
      join('plots', 'by-cluster.svg'),
      join('plots', 'by-label.svg'),
    ]);
  });
});

describe('refused with one sentence, and nothing written', () => {
  const refusal = async (differences: Case): Promise<string> => {
    const outputFolder = temporaryFolder();
    const error: unknown = await run({ ...differences, outputFolder }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect(readdirSync(outputFolder)).toEqual([]);
    return (error as InputError).message;
  };
  const ships = {
    ...boats,
    name: 'ships',
    dev: { ...boats.dev, text: boats.dev.text.map((text) => `${text}!`) },
  };

  it('embeddings, clusters, pairs and predictions of other tasks', async () => {
    expect(await refusal({ inputs: { embeddings: await embeddingFolder(ships) } })).toMatch(
      /another task than boats/,
    );
    expect(await refusal({ inputs: { clusters: await clusterFolder(false, ships) } })).toMatch(
      /clusters of another task than boats/,
    );
    expect(await refusal({ inputs: { pair: await clusterFolder(true, ships) } })).toMatch(
      /dev\.arrow: row 0 is no row of boats; give a pair that was cut from this task/,
    );
    const relabelled = { ...boats, labels: ['a', 'b'] };
    expect(await refusal({ inputs: { predictions: await predictionFile(relabelled) } })).toMatch(
      /other labels/,
    );
    const moved = { ...boats, dev: { ...boats.dev, index: boats.dev.index.map((number) => number + 100) } };
    expect(await refusal({ inputs: { predictions: await predictionFile(moved) } })).toMatch(
      /no dev row of boats/,
    );
    const twice = [await predictionFile(), await predictionFile()];
    expect(await refusal({ inputs: { predictions: twice } })).toMatch(/row 0 was predicted before/);
  });

  it('a perplexity that the rows do not bear, predictions of train rows, damaged files', async () => {
    expect(await refusal({ parameters: { perplexity: 14 } })).toMatch(
      /needs more than 42 rows, but there are 40/,
    );
    expect(
      await refusal({ parameters: { split: 'train' }, inputs: { predictions: await predictionFile() } }),
    ).toMatch(/predictions are of dev rows/);
    const clusters = await clusterFolder(false);
    writeFileSync(join(clusters, 'clusters.arrow'), 'ARROW1');
    expect(await refusal({ inputs: { clusters } })).toMatch(/clusters\.arrow/);
    rmSync(join(clusters, 'clusters.arrow'));
    expect(await refusal({ inputs: { clusters } })).toMatch(/clusters\.arrow: it does not exist/);
  });
});
