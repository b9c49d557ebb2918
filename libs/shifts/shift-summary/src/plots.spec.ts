import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawPlots, runStage } from '@layerwise/artifacts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alternating, embeddingsOf, taskOf, written } from '../test/example-pair.js';
import { shiftSummaryStage } from './stage.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shift-summary-plots-'));
});
afterEach(() => rm(folder, { recursive: true }));

const task = taskOf('reviews', 80, 60);
const pictures = async (kind: 'length' | 'cluster') => {
  const { pair, embeddings } = await written(folder, alternating(task, kind), embeddingsOf(task, 1, 1));
  const outputFolder = join(folder, 'out');
  const inputs = { pair, embeddings };
  const { manifest } = await runStage(shiftSummaryStage, {
    parameters: { permutations: 99 },
    inputs,
    outputFolder,
  });
  // Nothing but the outputs is there when pictures are drawn.
  await rm(pair, { recursive: true });
  await drawPlots(shiftSummaryStage, outputFolder);
  const plots = join(outputFolder, 'plots');
  const files = (await readdir(plots)).filter((file) => /\.(svg|png)$/.test(file)).sort();
  const [scores, permutations] = await Promise.all(
    ['scores', 'permutations'].map((name) => readFile(join(plots, `${name}.svg`), 'utf8').catch(() => '')),
  );
  return { files, scores, permutations, notes: manifest.notes };
};

it('draws scores and permutations from the outputs alone, the same twice', async () => {
  const { files, scores, permutations, notes } = await pictures('length');
  expect(files).toEqual(['permutations.png', 'permutations.svg', 'scores.png', 'scores.svg']);
  expect(scores).toContain('D_o: reviews (even)');
  expect(scores).toContain('D_s: reviews (odd)');
  // The p-value of dev as the notes have it.
  const [pValue] = /p = [\d.]+/.exec(notes?.[1] ?? '') ?? [];
  expect(permutations).toContain(`reviews (odd), ${pValue ?? 'p'}<`);
  expect((await pictures('length')).scores).toBe(scores);
});

it('draws no distance from chance for clusters', async () => {
  expect((await pictures('cluster')).files).toEqual(['scores.png', 'scores.svg']);
});
