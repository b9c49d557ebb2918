/** Drift against figures by hand, and that a killed run measures what an uninterrupted one does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTable, runDriftTable } from '@layerwise/artifacts';
import { startEngine, viewOf } from '@layerwise/engine';
import { expect, it } from 'vitest';
import { prepare, SETTINGS, temporaryFolder } from '../../test/tiny-run.js';
import { driftOf, type DriftFigure } from './drift.js';
import { keepRun, type KeptRunEnd } from '../runs/kept-run.js';
import type { Phase, Settings } from '../settings.js';

const never = new AbortController().signal;
const engine = () => startEngine('onnxruntime');
const places = (figures: readonly DriftFigure[], phase: Phase, measure = 'weight-change') =>
  figures.filter((figure) => figure.phase === phase && figure.measure === measure);

it('weights that double have moved by 1, and back by a half', async () => {
  const run = await prepare(SETTINGS);
  const between = run.state.parameters.floats.map((weight) => 2 * weight);
  const figures = await driftOf(await engine(), run, SETTINGS, between, never);
  // Four layers leave four of the ten groups empty.
  expect(places(figures, 'original').map(({ place }) => place)).toEqual([
    ...['embeddings', 'part 2', 'part 4', 'part 6', 'part 8', 'head'],
  ]);
  for (const { value } of places(figures, 'original')) expect(value).toBeCloseTo(1, 6);
  for (const { value } of places(figures, 'shifted')) expect(value).toBeCloseTo(0.5, 6);
});

it('tasks each alone have moved from the pretrained encoder both, and share no representations', async () => {
  const run = await prepare(SETTINGS);
  const between = run.state.parameters.floats.map((weight) => 2 * weight);
  const alone: Settings = { ...SETTINGS, method: { name: 'single', alone: true } };
  const figures = await driftOf(await engine(), run, alone, between, never);
  for (const { value } of places(figures, 'original')) expect(value).toBeCloseTo(1, 6);
  for (const { value } of places(figures, 'shifted')) expect(value).toBe(0);
  const alignments = places(figures, 'shifted', 'cka');
  expect(alignments.every(({ value, reason }) => value === null && reason !== null)).toBe(true);
});

it("counts the tensors of a group, and the head of the phase's task alone", async () => {
  const run = await prepare(SETTINGS);
  const { parameters, plan } = run.state;
  const between = parameters.floats.slice();
  const bias = viewOf(parameters.floats, plan.layout, 'head.shifted.bias');
  const weight = viewOf(parameters.floats, plan.layout, 'head.shifted.weight');
  const norm = Math.hypot(...weight);
  bias.fill(0.25);
  const figures = await driftOf(await engine(), run, SETTINGS, between, never);
  const head = (phase: Phase): number => places(figures, phase).at(-1)?.value ?? NaN;
  expect(head('shifted')).toBeCloseTo((0.25 * Math.sqrt(bias.length)) / norm, 6);
  // Phase 1 began and ended with the same weights.
  expect(head('original')).toBe(0);
  expect(
    places(figures, 'shifted')
      .slice(0, -1)
      .every(({ value }) => value === 0),
  ).toBe(true);
});

it('the same encoder has a CKA of 1 in every layer; one that changed above keeps what lies below', async () => {
  const run = await prepare(SETTINGS);
  const { parameters, plan } = run.state;
  const between = parameters.floats.slice();
  for (const { name, offset, length } of plan.layout.places)
    if (name.includes('layer.2.'))
      for (let at = offset; at < offset + length; at++) parameters.floats[at]! *= 1 + ((at * 7) % 5) / 4;
  const now = parameters.floats.slice();
  const values = places(await driftOf(await engine(), run, SETTINGS, between, never), 'shifted', 'cka').map(
    ({ value }) => value!,
  );
  for (const value of values.slice(0, 2)) expect(value).toBeCloseTo(1, 9);
  for (const value of values.slice(2)) expect(value).toBeLessThan(0.9999);
  // The weights are as they were.
  expect(parameters.floats).toEqual(now);
});

it('says why there is no figure', async () => {
  const run = await prepare(SETTINGS);
  const lost = await driftOf(await engine(), run, SETTINGS, null, never);
  expect(new Set(lost.map(({ reason }) => reason))).toEqual(
    new Set(['the weights between the phases were not kept']),
  );
  const alone: Settings = { ...SETTINGS, epochs: { original: 0, shifted: 2 } };
  const single = await driftOf(await engine(), await prepare(alone), alone, null, never);
  expect(places(single, 'original')).toEqual([]);
  expect(places(single, 'shifted').every(({ value }) => value === 0)).toBe(true);
  expect(places(single, 'shifted', 'cka')[0]).toMatchObject({
    value: null,
    reason: 'only one phase was trained',
  });
});

it('a run that is stopped in phase 2 and goes on measures the same', async () => {
  const folder = temporaryFolder();
  const stopAt = async (outputFolder: string, step: number): Promise<KeptRunEnd> => {
    const controller = new AbortController();
    return keepRun(await prepare(SETTINGS), SETTINGS, {
      outputFolder,
      checkpointEvery: 0,
      signal: controller.signal,
      drift: true,
      parameters: {},
      versions: {},
      onPhase: () => undefined,
      onStep: (report) => {
        if (report.phase === 'shifted' && report.step === step) controller.abort(new Error('stopped'));
      },
    });
  };
  const drift = async (of: string) => {
    const table = await readTable(join(of, 'drift.arrow'), runDriftTable);
    return { place: [...table.column('place')], value: [...table.column('value')] };
  };
  const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')];
  expect((await stopAt(whole, -1)).kind).toBe('finished');
  expect((await stopAt(cut, 1)).kind).toBe('stopped');
  expect(existsSync(join(cut, 'between-phases.safetensors'))).toBe(true);
  expect(await stopAt(cut, -1)).toMatchObject({ kind: 'finished', reused: false });
  expect(await drift(cut)).toEqual(await drift(whole));
  expect((await drift(whole)).value.filter((value) => value !== null && value > 0).length).toBeGreaterThan(
    10,
  );
  expect(existsSync(join(cut, 'between-phases.safetensors'))).toBe(false);
  expect(await stopAt(cut, -1)).toMatchObject({ kind: 'finished', reused: true });
});
