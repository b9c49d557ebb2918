/** A phase of 0 epochs is left out: what is left is the very phase of the whole protocol, alone. */
import { readdirSync } from 'node:fs';
import { startEngine } from '@layerwise/engine';
import { meanTargets, packBatch } from '@layerwise/model';
import { expect, it } from 'vitest';
import {
  completeRun,
  createTrainer,
  groupRates,
  removeCheckpoint,
  stepRows,
  type Evaluation,
  type PreparedRun,
  type Settings,
} from '../src/index.js';
import { flatRates } from '../src/weights/flat-groups.js';
import { lossesOf, prepare, protocol, SETTINGS, TASKS, temporaryFolder, weightsOf } from './tiny-run.js';

const only = (phase: 'original' | 'shifted'): Settings => ({
  ...SETTINGS,
  dropout: 0.1,
  epochs: { original: 0, shifted: 0, [phase]: 2 },
});

it('the original task alone ends where the protocol stands before its second phase', async () => {
  const settings = only('original');
  const alone = await protocol(await prepare(settings), settings, temporaryFolder());
  if (alone.kind !== 'complete') throw new Error(alone.kind);
  expect([alone.accuracyOriginalBefore, alone.shifted]).toEqual([null, null]);

  let before: Evaluation | undefined;
  const both = { ...settings, epochs: SETTINGS.epochs };
  const sequential = await protocol(await prepare(both), both, temporaryFolder(), {
    saveBefore: (evaluation) => Promise.resolve(void (before = evaluation)),
  });
  expect(alone.original).toEqual(before);
  expect(lossesOf(alone, 'original')).toEqual(lossesOf(sequential, 'original'));
  expect(lossesOf(alone, 'shifted')).toEqual([]);
});

/** The second phase by hand, from the encoder as it was: 4 steps of 4 and 3 texts. */
async function shiftedByHand(run: PreparedRun, settings: Settings): Promise<number[]> {
  const engine = await startEngine(settings.engine, settings);
  const { train, task, program } = run.tasks.shifted;
  const trainer = await createTrainer({
    engine,
    state: run.state,
    heads: [program],
    sites: run.sites,
  });
  const rowsOf = stepRows(settings.seed, 1, 7, 4);
  const losses: number[] = [];
  for (let step = 0; step < 4; step++) {
    const rows = rowsOf(step);
    const labels = Array.from(rows, (row) => task.train.label[row]!);
    const batch = {
      packed: packBatch(train, rows),
      targets: meanTargets(labels, program.labels),
      labels: program.labels,
    };
    losses.push(await trainer.backward([batch], { seed: settings.seed, phase: 1, step }));
    const rates = flatRates(groupRates(settings, step, 4), [false, true]);
    trainer.update({ step: step + 1, rates, clipNorm: settings.clipNorm });
  }
  await trainer.dispose();
  return losses;
}

it('the shifted task alone starts from the encoder as it was; stopped anywhere, it ends with the same bits', async () => {
  const settings = only('shifted');
  const byHand = await prepare(settings);
  const losses = await shiftedByHand(byHand, settings);

  const run = await prepare(settings);
  const outcome = await protocol(run, settings, temporaryFolder());
  if (outcome.kind !== 'complete') throw new Error(outcome.kind);
  expect(lossesOf(outcome, 'shifted')).toEqual(losses);
  expect(weightsOf(run)).toBe(weightsOf(byHand));
  expect([outcome.accuracyOriginalBefore, outcome.original]).toEqual([null, null]);

  const folder = temporaryFolder();
  for (let stops = 0; ; stops++) {
    const again = await prepare(settings);
    const controller = new AbortController();
    const end = await protocol(again, settings, folder, {
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    if (end.kind === 'stopped') continue;
    expect(stops).toBeGreaterThan(2);
    expect(weightsOf(again)).toBe(weightsOf(byHand));
    break;
  }
});

it('its folder holds what it measured, and no weights where none are wanted', async () => {
  const settings = only('shifted');
  const outputFolder = temporaryFolder();
  const end = await completeRun(await prepare(settings), settings, {
    outputFolder,
    checkpointEvery: 0,
    classifiers: false,
    weights: false,
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onStep: () => undefined,
  });
  await removeCheckpoint(outputFolder);
  if (end.kind !== 'finished') throw new Error(end.kind);
  expect(end.row).toMatchObject({
    status: 'complete',
    accuracyOriginalBefore: null,
    accuracyOriginal: null,
    reward: null,
    stepsOriginal: 0,
    stepsShifted: 4,
    devRowsShifted: TASKS.shifted.dev.label.length,
  });
  expect(end.row.accuracyShifted).not.toBeNull();
  const tables = ['batches', 'history', 'predictions-shifted', 'results'];
  expect(readdirSync(outputFolder).sort()).toEqual(tables.map((name) => `${name}.arrow`));
});
