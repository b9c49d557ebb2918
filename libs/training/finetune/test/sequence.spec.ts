/** A sequence of tasks: of two it is the protocol, of three it fills its matrix and goes on from any step. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  startStopwatch,
  accuracyMatrixTable,
  historyTable,
  readManifest,
  readTable,
} from '@layerwise/artifacts';
import { viewOf } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { openEncoder, openSafetensors } from '@layerwise/model';
import { expect, it } from 'vitest';
import {
  CHECKPOINT_FILE,
  prepareSequence,
  readSequence,
  runSequence,
  tokenizerOf,
  withMethod,
  writeSequence,
  writeSequenceManifest,
  type PreparedSequence,
  type SequenceOptions,
  type SequenceOutcome,
  type Settings,
} from '../src/index.js';
import { digestOf, type Task } from '@layerwise/artifacts';
import { BERT, prepare, protocol, SETTINGS, taskOf, TASKS, temporaryFolder, weightsOf } from './tiny-run.js';

const rows = ['a slow boat', 'two dogs', 'the river', 'three goats'].map(
  (text, row) => [text, null, row % 2] as const,
);
const THIRD = taskOf('creatures', { labels: ['thing', 'animal'], train: rows, dev: rows });
const THREE = [TASKS.original, TASKS.shifted, THIRD];
const DROPPED: Settings = { ...SETTINGS, dropout: 0.1 };

async function prepared(tasks: readonly Task[], settings: Settings): Promise<PreparedSequence> {
  const encoder = openEncoder(BERT);
  return prepareSequence(tasks, encoder, await tokenizerOf(encoder, null), settings);
}

function sequence(
  run: PreparedSequence,
  settings: Settings,
  outputFolder: string,
  options: Partial<SequenceOptions> = {},
): Promise<SequenceOutcome> {
  return runSequence(run, settings, {
    outputFolder,
    checkpointEvery: 0,
    signal: new AbortController().signal,
    onPhase: () => undefined,
    onStep: () => undefined,
    ...options,
  });
}

const digest = ({ state }: PreparedSequence): string => digestOf(state.parameters.floats);

it('of two tasks has the numbers of the protocol, and its bits', async () => {
  const pair = await prepare(DROPPED);
  const expected = await protocol(pair, DROPPED, temporaryFolder());
  if (expected.kind !== 'complete') throw new Error(expected.kind);
  const run = await prepared(THREE.slice(0, 2), DROPPED);
  const found = await sequence(run, DROPPED, temporaryFolder());
  if (found.kind !== 'complete') throw new Error(found.kind);
  expect(found.matrix).toEqual([
    [expected.accuracyOriginalBefore, null],
    [expected.original?.accuracy, expected.shifted?.accuracy],
  ]);
  expect(found.history.loss).toEqual(expected.history.loss);
  expect(digest(run)).toBe(weightsOf(pair));
});

it('of three tasks, with replay, ends with the same bits wherever it was stopped', async () => {
  const once = { ...DROPPED, epochs: { original: 1, shifted: 1 } };
  const settings = withMethod(once, 'replay', { replayShare: 0.5 }, 4);
  const whole = await prepared(THREE, settings);
  const expected = await sequence(whole, settings, temporaryFolder());
  if (expected.kind !== 'complete') throw new Error(expected.kind);
  // 10, 7 + 5, and 4 + 5 + 4 rows, four a step.
  const steps = [0, 1, 2].map((phase) => expected.history.phase.filter((at) => at === phase).length);
  expect(steps).toEqual([3, 3, 4]);

  const folder = temporaryFolder();
  const stops: number[] = [];
  for (;;) {
    const run = await prepared(THREE, settings);
    const controller = new AbortController();
    let at = 0;
    const outcome = await sequence(run, settings, folder, {
      signal: controller.signal,
      onPhase: (phase) => void (at = phase),
      onStep: ({ step }) => {
        // Within each phase, and in the second one at its last step, after which the evaluation is stopped.
        if (step === 1 || (at === 1 && step === 2)) controller.abort();
      },
    });
    if (outcome.kind === 'stopped') {
      stops.push(outcome.phase);
      expect(existsSync(join(folder, CHECKPOINT_FILE))).toBe(true);
      continue;
    }
    if (outcome.kind !== 'complete') throw new Error(outcome.kind);
    expect(stops).toEqual([0, 1, 1, 2]);
    expect(outcome.matrix).toEqual(expected.matrix);
    expect(outcome.history.loss).toEqual(expected.history.loss);
    expect(digest(run)).toBe(digest(whole));
    return;
  }
});

it('of tasks each alone asks every task once', async () => {
  const settings = withMethod(DROPPED, 'single', {}, 4);
  const alone = await sequence(await prepared(THREE, settings), settings, temporaryFolder());
  if (alone.kind !== 'complete') throw new Error(alone.kind);
  expect(alone.matrix.map((row) => row.map((accuracy) => accuracy !== null))).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ]);
});

it('leaves its matrix in a table, with the reason where there is no number, and the weights of its end', async () => {
  const settings = { ...SETTINGS, warmup: 0, epochs: { original: 1, shifted: 1 } };
  const run = await prepared(THREE, settings);
  const folder = temporaryFolder();
  const outcome = await sequence(run, settings, folder);
  if (outcome.kind !== 'complete') throw new Error(outcome.kind);
  await writeSequence(folder, run, settings, outcome, true);
  await writeSequenceManifest(folder, run, settings, {
    parameters: {},
    inputs: [],
    times: startStopwatch(),
    counts: {},
    versions: {},
  });
  expect(await readSequence(folder, 3)).toEqual(outcome.matrix);
  const table = await readTable(join(folder, 'accuracy-matrix.arrow'), accuracyMatrixTable);
  expect([...table.column('phase')]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  expect([...table.column('order')]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  expect(table.column('reason').map((reason) => reason === null)).toEqual(
    outcome.matrix.flat().map((accuracy) => accuracy !== null),
  );
  expect(table.column('reason')[1]).toBe('its head is not trained yet');
  const history = await readTable(join(folder, 'history.arrow'), historyTable);
  expect(new Set(history.column('phase'))).toEqual(new Set(['loudness', 'sameness', 'creatures']));

  const parameter = (name: string): Float32Array =>
    viewOf(run.state.parameters.floats, run.state.plan.layout, name);
  const dense = 'encoder.layer.3.output.dense.weight';
  expect(openEncoder(join(folder, 'encoder')).tensors.readTensor(dense)).toEqual(parameter(dense));
  const heads = openSafetensors(join(folder, 'heads.safetensors'));
  for (const [place, { labels }] of THREE.entries()) {
    expect(heads.readTensor(`head.${place}.weight`)).toEqual(parameter(`head.${place}.weight`));
    const classifier = openEncoder(join(folder, `classifier-${place}`));
    expect(classifier.head?.labels).toEqual(labels);
    expect(classifier.tensors.readTensor(dense)).toEqual(parameter(dense));
  }
  const { outputs } = await readManifest(folder);
  expect(outputs.map(({ file }) => file)).toContain('classifier-2/model.safetensors');

  // Of each task alone, the encoder at the end is the last one's.
  const alone = withMethod(settings, 'single', {}, 4);
  await writeSequence(folder, run, alone, outcome, true);
  expect(readdirSync(folder).filter((name) => name.startsWith('classifier-'))).toEqual(['classifier-2']);
  await writeSequence(folder, run, settings, { ...outcome, kind: 'diverged', phase: 2, step: 0 });
  expect(readdirSync(folder).filter((name) => /^(encoder|classifier-2|heads)/.test(name))).toEqual([]);
});

it('that diverges has the rows before, and the reason after', async () => {
  const rates = SETTINGS.rates.map((rate) => rate && 1e20);
  const settings: Settings = { ...SETTINGS, rates, warmup: 0, schedule: 'constant' };
  const run = await prepared(THREE, settings);
  const folder = temporaryFolder();
  const outcome = await sequence(run, settings, folder);
  if (outcome.kind !== 'diverged') throw new Error(outcome.kind);
  await writeSequence(folder, run, settings, outcome);
  const table = await readTable(join(folder, 'accuracy-matrix.arrow'), accuracyMatrixTable);
  expect(table.column('accuracy').every((accuracy) => accuracy === null)).toBe(true);
  expect(table.column('reason')[8]).toMatch(/diverged at step \d+ of phase 1/);
});

it('refuses methods that are made for a pair', async () => {
  const joint = withMethod(SETTINGS, 'joint', {}, 4);
  await expect(sequence(await prepared(THREE, joint), joint, temporaryFolder())).rejects.toThrow(InputError);
});

it('of three tasks is held by what matters for all earlier ones, and stopped goes on to the same bits', async () => {
  // Four steps in the last phase: before the third one the weights are still where they were.
  const plain = { ...SETTINGS, epochs: { original: 1, shifted: 4 } };
  const settings = withMethod(plain, 'ewc-standard', { ewcLambda: 1e8 }, 4);
  const whole = await prepared(THREE, settings);
  const before: Float32Array[] = [];
  const outcome = await sequence(whole, settings, temporaryFolder(), {
    onPhase: () => void before.push(whole.state.parameters.floats.slice()),
  });
  expect(outcome.kind).toBe('complete');
  // In the last phase: where the weights were when it began, by the first two tasks.
  const { anchor, coefficients } = whole.state.pull!;
  const held = coefficients!.floats;
  expect(anchor.floats.filter((value, i) => held[i]! > 0 && value !== before[2]![i])).toHaveLength(0);
  const moved = ({ state }: PreparedSequence, from: Float32Array): number =>
    Math.hypot(
      ...state.parameters.floats.filter((_, i) => held[i]! > 1e4).map((value, i) => value - from[i]!),
    );
  const important = before[2]!.filter((_, i) => held[i]! > 1e4);
  const free = withMethod(plain, 'ewc-standard', { ewcLambda: 0 }, 4);
  const loose = await prepared(THREE, free);
  let start = new Float32Array(0);
  await sequence(loose, free, temporaryFolder(), {
    onPhase: (phase) => {
      if (phase === 2) start = loose.state.parameters.floats.filter((_, i) => held[i]! > 1e4);
    },
  });
  expect(moved(whole, important)).toBeLessThan(0.5 * moved(loose, start));

  const folder = temporaryFolder();
  const stop = new AbortController();
  let at = 0;
  const stopped = await sequence(await prepared(THREE, settings), settings, folder, {
    signal: stop.signal,
    onPhase: (phase) => void (at = phase),
    onStep: () => {
      if (at === 2) stop.abort();
    },
  });
  expect(stopped.kind).toBe('stopped');
  const again = await prepared(THREE, settings);
  expect((await sequence(again, settings, folder)).kind).toBe('complete');
  expect(digest(again)).toBe(digest(whole));
});
