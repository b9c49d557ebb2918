/** The stage: it is skipped where nothing changed, and another seed adds its runs alone. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest, runStage, verifyOutputs } from '@layerwise/artifacts';
import { expect, it } from 'vitest';
import { evaluationStage } from '../src/index.js';
import { TASKS, temporaryFolder, tinyEncoder, writePair } from './tiny-evaluation.js';

it('runs once, and goes on where more is asked of it', async () => {
  const folder = temporaryFolder();
  const outputFolder = join(folder, 'evaluation');
  const lines: string[] = [];
  const options = {
    parameters: {
      methods: ['flat', 'single', 'freeze'],
      seeds: [1],
      rate: 5e-3,
      groups: 'layers',
      epochsOriginal: 1,
      epochsShifted: 1,
      batch: 8,
      maxLength: 16,
      threads: 1,
      freezeLayers: 1,
    },
    inputs: {
      pairs: [await writePair(folder, TASKS.motion, TASKS.place)],
      encoder: await tinyEncoder(folder),
    },
    outputFolder,
    versions: { 'onnxruntime-node': '1.2.3' },
    progress: (line: string) => lines.push(line),
  };
  const { manifest } = await runStage(evaluationStage, options);
  expect(lines).toEqual(
    ['flat', 'single', 'freeze'].map(
      (method, place) => `${place + 1}/3: ${method} on motion → place, seed 1`,
    ),
  );
  expect(manifest.counts).toEqual({ runs: 3, diverged: 0 });
  const files = manifest.outputs.map(({ file }) => file);
  for (const file of ['evaluation.arrow', 'tables.txt', 'runs/flat/motion-place/1/results.arrow'])
    expect(files).toContain(file);
  await verifyOutputs(outputFolder);
  expect((await runStage(evaluationStage, options)).skipped).toBe(true);
  const run = await readManifest(join(outputFolder, 'runs/flat/motion-place/1'));
  expect(run.versions).toMatchObject({ 'onnxruntime-node': '1.2.3' });

  const kept = join(outputFolder, 'runs/freeze/motion-place/1/results.arrow');
  const before = statSync(kept).mtimeMs;
  const more = { ...options, parameters: { ...options.parameters, seeds: [1, 2] } };
  expect((await runStage(evaluationStage, more)).manifest.counts).toEqual({ runs: 6, diverged: 0 });
  expect(statSync(kept).mtimeMs).toBe(before);
  expect(readFileSync(join(outputFolder, 'tables.txt'), 'utf8')).toContain('mean of 2 seeds');

  // Forced, it trains what was finished again.
  const one = { ...options, parameters: { ...options.parameters, methods: ['freeze'] } };
  await runStage(evaluationStage, { ...one, force: true });
  expect(statSync(kept).mtimeMs).toBeGreaterThan(before);
});
