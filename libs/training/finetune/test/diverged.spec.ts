/** Rates that are too high: a result that says so, and a checkpoint of weights that are still numbers. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStopwatch, historyTable, readManifest, readTable } from '@layerwise/artifacts';
import { openEncoder, openSafetensors } from '@layerwise/model';
import { recipes } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import {
  CHECKPOINT_FILE,
  completeRun,
  OUTPUTS,
  prepareTrial,
  readResults,
  removeCheckpoint,
  tokenizerOf,
  writeRunManifest,
  type Settings,
} from '../src/index.js';
import { BERT, SETTINGS, TASKS, temporaryFolder } from './tiny-run.js';

const RATES = SETTINGS.rates.map((rate) => (rate === null ? null : 1e30));
const PROVENANCE = { parameters: {}, inputs: [], times: startStopwatch(), counts: {}, versions: {} };
/** The first step is one of warm-up and has the rate 0; a checkpoint after each step. */
const WILD: Settings = {
  ...SETTINGS,
  rates: RATES,
  optimizer: recipes.sgd,
  schedule: 'constant',
  warmup: 0.1,
};

async function runIn(folder: string, settings: Settings) {
  const encoder = openEncoder(BERT);
  // As a search tries it: one test has a first phase that moves nothing.
  const run = await prepareTrial(TASKS, encoder, await tokenizerOf(encoder, null), settings, null);
  const end = await completeRun(run, settings, {
    outputFolder: folder,
    checkpointEvery: 1,
    classifiers: false,
    drift: true,
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onStep: () => undefined,
  });
  if (end.kind === 'stopped') throw new Error(end.kind);
  return { run, row: end.row };
}

describe('a run that diverges', () => {
  it('is a result with step, phase and rates', async () => {
    const folder = temporaryFolder();
    const { run, row } = await runIn(folder, WILD);
    expect(row).toMatchObject({
      status: 'diverged',
      divergedIn: 'original',
      accuracyOriginalBefore: null,
      accuracyOriginal: null,
      accuracyShifted: null,
      reward: null,
      rates: RATES,
      stepsShifted: 0,
    });
    expect(row.divergedAtStep).toBeGreaterThan(0);
    expect(row.stepsOriginal).toBe((row.divergedAtStep ?? 0) + 1);
    await writeRunManifest(folder, run, WILD, PROVENANCE);
    expect(await readResults(folder)).toEqual(row);
    const history = await readTable(join(folder, 'history.arrow'), historyTable);
    expect(history.rows).toBe(row.stepsOriginal);
  });

  // 1e300 is no float32: the weights are numbers no more while the loss of the step still was one.
  it.each([1e30, 1e300])('at rate %s keeps its last checkpoint of finite weights', async (rate) => {
    const folder = temporaryFolder();
    const rates = RATES.map((old) => (old === null ? null : rate));
    const { row } = await runIn(folder, { ...WILD, rates });
    const checkpoint = openSafetensors(join(folder, CHECKPOINT_FILE));
    const stored = [...checkpoint.tensors.keys()].filter((name) => name.startsWith('parameters.'));
    expect(stored).not.toEqual([]);
    for (const name of stored) expect(checkpoint.readTensor(name).every(Number.isFinite)).toBe(true);
    const { step } = JSON.parse(checkpoint.metadata['layerwise.checkpoint'] ?? '') as { step: number };
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThanOrEqual(row.divergedAtStep ?? 0);
  });

  it('by the last update of a phase is found by its evaluation', async () => {
    const folder = temporaryFolder();
    const rates = RATES.map((old) => (old === null ? null : 1e300));
    // Two steps, the first of which has the rate 0.
    const { row } = await runIn(folder, { ...WILD, rates, batch: 5, epochs: { original: 1, shifted: 1 } });
    expect(row).toMatchObject({
      status: 'diverged',
      divergedIn: 'original',
      divergedAtStep: 2,
      stepsOriginal: 2,
    });
    expect(existsSync(join(folder, 'predictions-original-before.arrow'))).toBe(false);
  });

  it('in the second phase keeps what the first came to', async () => {
    const folder = temporaryFolder();
    // All ten texts are the one step of the first phase, whose rate is 0.
    const settings: Settings = { ...WILD, batch: 10, epochs: { original: 1, shifted: 4 } };
    const { row } = await runIn(folder, settings);
    expect(row).toMatchObject({
      status: 'diverged',
      divergedIn: 'shifted',
      stepsOriginal: 1,
      accuracyOriginal: null,
    });
    expect(row.accuracyOriginalBefore).not.toBeNull();
    expect(existsSync(join(folder, 'predictions-original-before.arrow'))).toBe(true);
  });

  it('leaves nothing of an earlier run in its folder, and nothing of the folder in its manifest', async () => {
    const folder = temporaryFolder();
    await runIn(folder, SETTINGS);
    const outputs = (): string[] =>
      OUTPUTS.map(({ file }) => file).filter((file) => existsSync(join(folder, file)));
    expect(outputs()).toEqual(
      OUTPUTS.map(({ file }) => file).filter((file) => !file.startsWith('classifier')),
    );
    await removeCheckpoint(folder);
    writeFileSync(join(folder, 'notes.txt'), 'somebody else');
    const { run } = await runIn(folder, WILD);
    expect(outputs()).toEqual(['results.arrow', 'history.arrow', 'batches.arrow']);
    await writeRunManifest(folder, run, WILD, PROVENANCE);
    const manifest = await readManifest(folder);
    expect(manifest.outputs.map(({ file }) => file)).toEqual([
      'batches.arrow',
      'history.arrow',
      'results.arrow',
    ]);
  });
});
