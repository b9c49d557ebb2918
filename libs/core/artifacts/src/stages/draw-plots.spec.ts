// Pictures of a stage: drawn from its outputs, with a manifest of their own, and no reason to run it again.
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { defineStage } from './define-stage.js';
import { digestOf } from '../files/digest.js';
import { drawPlots, lacksPlots } from './draw-plots.js';
import { readManifest } from './manifest.js';
import { runStage } from './run-stage.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'plots-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const drawing = defineStage({
  name: 'drawing',
  version: 1,
  description: 'writes a colour, draws it',
  parameters: z.object({ colour: z.string() }),
  after: [],
  outputs: [{ file: 'colour.txt', description: 'the colour' }],
  run: async ({ parameters, outputFolder }) => {
    await writeFile(join(outputFolder, 'colour.txt'), parameters.colour);
    return undefined;
  },
  plots: async ({ outputFolder, plotsFolder }) => {
    const colour = await readFile(join(outputFolder, 'colour.txt'), 'utf8');
    await writeFile(join(plotsFolder, `${colour}.svg`), `<svg fill="${colour}"/>`);
  },
});
const run = (colour: string) =>
  runStage(drawing, { parameters: { colour }, inputs: {}, outputFolder: folder });

test('are drawn only from complete outputs', async () => {
  expect(await drawPlots(drawing, folder)).toBeNull();
  await run('red');
  const blind = defineStage({ ...drawing, plots: undefined });
  expect(await drawPlots(blind, folder)).toBeNull();
  expect(await lacksPlots(blind, folder)).toBe(false);
  expect(await lacksPlots(drawing, folder)).toBe(true);
  expect(await drawPlots(drawing, folder)).toEqual([join('plots', 'red.svg')]);
  expect(await lacksPlots(drawing, folder)).toBe(false);
});

test('have a manifest, replace older ones, leave strange files alone, and make no stage run again', async () => {
  const { manifest } = await run('red');
  await drawPlots(drawing, folder, { pencil: '2' });
  const plots = join(folder, 'plots');
  const told = await readManifest(plots);
  expect(told).toMatchObject({
    stage: 'drawing-plots',
    parameters: { colour: 'red' },
    versions: { pencil: '2' },
  });
  expect(told.outputs).toEqual([{ file: 'red.svg', digest: digestOf('<svg fill="red"/>'), bytes: 17 }]);
  await writeFile(join(plots, 'mine.txt'), 'keep');
  await writeFile(join(plots, 'red.svg'), 'scribbled over');
  expect(await run('red')).toEqual({ manifest, skipped: true });
  await drawPlots(drawing, folder);
  expect(await readFile(join(plots, 'red.svg'), 'utf8')).toBe('<svg fill="red"/>');
  await run('blue');
  await drawPlots(drawing, folder);
  expect((await readdir(plots)).sort()).toEqual(['blue.svg', 'manifest.json', 'mine.txt']);
  expect((await readManifest(plots)).inputs).not.toEqual(told.inputs);
});
