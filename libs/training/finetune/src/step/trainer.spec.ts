import { startEngine, viewOf } from '@layerwise/engine';
import { meanTargets, packBatch } from '@layerwise/model';
import { clipFactor, parsePatternGroups, recipes } from '@layerwise/optimizers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { norm, relativeError } from '../../test/relative-error.js';
import { prepare, SETTINGS } from '../../test/tiny-run.js';
import type { PreparedRun } from '../runs/prepare.js';
import { flatRates } from '../weights/flat-groups.js';
import type { Settings } from '../settings.js';
import { createTrainer, trainStep, type Trainer } from './trainer.js';
import type { TrainingBatch } from './training-state.js';

/** A tensor whose gradient has at most this norm has none but rounding. */
const NEGLIGIBLE_NORM = 1e-6;
const NO_DROPOUT = { seed: 1, phase: 0, step: 0 };

async function trainerOf(changes: Partial<Settings> = {}): Promise<{ run: PreparedRun; trainer: Trainer }> {
  const run = await prepare({ ...SETTINGS, ...changes });
  const engine = await startEngine('onnxruntime');
  const trainer = await createTrainer({
    engine,
    state: run.state,
    heads: [run.tasks.original.program],
    sites: run.sites,
  });
  onTestFinished(() => trainer.dispose());
  return { run, trainer };
}

/** Training rows of the original task as batches, each text counting 1/(texts of all batches). */
function batchesOf({ tasks }: PreparedRun, ...parts: number[][]): TrainingBatch[] {
  const { train, task, program } = tasks.original;
  const all = parts.flat().length;
  return parts.map((rows) => {
    const labels = rows.map((row) => task.train.label[row]!);
    const targets = meanTargets(labels, program.labels).map((weight) => (weight * rows.length) / all);
    return { packed: packBatch(train, rows), targets, labels: program.labels };
  });
}

/**
 * A rate for every group of flat memory: the ten groups for the encoder, then for each head (`flatRates`).
 */
const ratesOf = (
  encoder: number | null,
  original: number | null,
  shifted: number | null,
): (number | null)[] =>
  [encoder, original, shifted].flatMap((rate) => new Array<number | null>(10).fill(rate));

const parametersOf = ({ state }: PreparedRun): Float32Array => state.parameters.floats.slice();

/** Names of the tensors that differ from `before`. */
function changed({ state }: PreparedRun, before: Float32Array): string[] {
  const { layout } = state.plan;
  return layout.places
    .map(({ name }) => name)
    .filter((name) => {
      const now = viewOf(state.parameters.floats, layout, name);
      return viewOf(before, layout, name).some((value, place) => value !== now[place]);
    });
}

describe('accumulation', () => {
  const rows = [3, 1, 4, 5, 9, 2, 6, 8];

  it.each([
    { name: 'halves', parts: [rows.slice(0, 4), rows.slice(4)] },
    { name: 'uneven parts', parts: [rows.slice(0, 5), rows.slice(5, 7), rows.slice(7)] },
  ])('of $name gives the loss and gradients of the whole', async ({ parts }) => {
    const whole = await trainerOf({ batch: 8 });
    const loss = await whole.trainer.backward(batchesOf(whole.run, rows), NO_DROPOUT);
    const several = await trainerOf({ batch: 8, accumulate: 3 });
    // Twice, so that what the first step left behind would show.
    for (let step = 0; step < 2; step++) {
      const sum = await several.trainer.backward(batchesOf(several.run, ...parts), NO_DROPOUT);
      expect(sum).toBeCloseTo(loss, 5);
      const { layout } = whole.run.state.plan;
      for (const { name } of layout.places) {
        const expected = viewOf(whole.trainer.gradients(), layout, name);
        const found = viewOf(several.trainer.gradients(), layout, name);
        // A key's bias has no gradient but rounding.
        if (norm(expected) > NEGLIGIBLE_NORM) expect(relativeError(found, expected), name).toBeLessThan(1e-5);
        else expect(norm(found), name).toBeLessThan(10 * NEGLIGIBLE_NORM);
      }
    }
  });

  it('of several batches without a place for sums is refused', async () => {
    const { run, trainer } = await trainerOf();
    await expect(trainer.backward(batchesOf(run, [0], [1]), NO_DROPOUT)).rejects.toThrow(RangeError);
  });
});

describe('clipping', () => {
  it.each([0.5, 1e6])('at %s scales the step as a hand computes it', async (clipNorm) => {
    const rate = 0.1;
    const { run, trainer } = await trainerOf({ optimizer: { ...recipes.sgd, momentum: 0 } });
    const before = parametersOf(run);
    await trainer.backward(batchesOf(run, [0, 1, 2, 3]), NO_DROPOUT);
    const gradients = trainer.gradients().slice();
    const total = Math.sqrt(gradients.reduce((sum, value) => sum + value ** 2, 0));
    expect(total).toBeGreaterThan(0.5);
    const factor = Math.min(1, clipNorm / (total + 1e-6));
    expect(factor).toBe(clipFactor(total, clipNorm));
    trainer.update({ step: 1, rates: ratesOf(rate, rate, null), clipNorm });
    const moved = run.state.parameters.floats.map((value, place) => value - before[place]!);
    expect(
      relativeError(
        moved,
        gradients.map((value) => -rate * factor * value),
      ),
    ).toBeLessThan(1e-4);
  });

  it('does not count gradients of groups that are not trained', async () => {
    const { run, trainer } = await trainerOf({ optimizer: { ...recipes.sgd, momentum: 0 } });
    const { layout } = run.state.plan;
    await trainer.backward(batchesOf(run, [0, 1, 2, 3]), NO_DROPOUT);
    viewOf(run.state.gradients.floats, layout, 'head.shifted.weight').fill(1e6);
    const bias = viewOf(trainer.gradients(), layout, 'head.original.bias').slice();
    const weight = viewOf(trainer.gradients(), layout, 'head.original.weight').slice();
    const before = viewOf(run.state.parameters.floats, layout, 'head.original.bias').slice();
    trainer.update({ step: 1, rates: ratesOf(null, 1, null), clipNorm: 0.1 });
    const factor = 0.1 / (Math.hypot(norm(bias), norm(weight)) + 1e-6);
    const after = viewOf(run.state.parameters.floats, layout, 'head.original.bias');
    const moved = after.map((value, place) => value - before[place]!);
    expect(
      relativeError(
        moved,
        bias.map((value) => -factor * value),
      ),
    ).toBeLessThan(1e-4);
  });
});

describe('a step', () => {
  it("leaves the other task's head and groups without a rate as they were, bit for bit", async () => {
    const { run, trainer } = await trainerOf();
    const before = parametersOf(run);
    const rates = ratesOf(1e-3, 1e-3, null);
    rates[4] = null; // layer 1
    await trainStep(trainer, batchesOf(run, [0, 1, 2, 3]), NO_DROPOUT, { step: 1, rates, clipNorm: null });
    const names = changed(run, before);
    expect(names.filter((name) => name.includes('layer.1.') || name.startsWith('head.shifted'))).toEqual([]);
    const expected = run.state.plan.layout.places
      .map(({ name }) => name)
      .filter((name) => !name.includes('layer.1.') && !name.startsWith('head.shifted'));
    expect(names.sort()).toEqual(expected.sort());
  });

  it('leaves a group of rate 0 as it was, and moves its moments on', async () => {
    const { run, trainer } = await trainerOf();
    const before = parametersOf(run);
    const rates = ratesOf(1e-3, 0, null);
    await trainStep(trainer, batchesOf(run, [0, 1, 2, 3]), NO_DROPOUT, { step: 1, rates, clipNorm: null });
    expect(changed(run, before).filter((name) => name.startsWith('head'))).toEqual([]);
    const moment = run.state.optimizer.state['exp_avg']!.floats;
    expect(norm(viewOf(moment, run.state.plan.layout, 'head.original.weight'))).toBeGreaterThan(0);
  });

  it('leaves no gradient in the tables', async () => {
    const { run, trainer } = await trainerOf();
    const settings = { step: 1, rates: ratesOf(1e-3, 1e-3, null), clipNorm: null };
    await trainStep(trainer, batchesOf(run, [0, 1, 2, 3]), NO_DROPOUT, settings);
    for (const { name } of run.state.plan.layout.places.filter((place) =>
      place.name.includes('_embeddings.'),
    )) {
      expect(norm(viewOf(run.state.gradients.floats, run.state.plan.layout, name)), name).toBe(0);
    }
  });

  it('with a loss that is no number changes no weight', async () => {
    const { run, trainer } = await trainerOf();
    viewOf(run.state.parameters.floats, run.state.plan.layout, 'head.original.bias').fill(Number.NaN);
    const before = parametersOf(run);
    const settings = { step: 1, rates: ratesOf(1e-3, 1e-3, null), clipNorm: null };
    const loss = await trainStep(trainer, batchesOf(run, [0, 1]), NO_DROPOUT, settings);
    expect(loss).toBeNaN();
    expect(run.state.parameters.floats).toEqual(before);
  });
});

describe('dropout', () => {
  it('repeats for the same seed, phase and step, and differs otherwise', async () => {
    const { run, trainer } = await trainerOf({ dropout: 0.1 });
    const lossAt = (seed: number, phase: number, step: number): Promise<number> =>
      trainer.backward(batchesOf(run, [0, 1, 2, 3]), { seed, phase, step });
    const first = await lossAt(1, 0, 0);
    const others = [await lossAt(2, 0, 0), await lossAt(1, 1, 0), await lossAt(1, 0, 1)];
    expect(new Set([first, ...others]).size).toBe(4);
    expect(await lossAt(1, 0, 0)).toBe(first);
  });

  it('differs between the parts of an accumulated step', async () => {
    const { run, trainer } = await trainerOf({ dropout: 0.3, accumulate: 2 });
    const same = await trainer.backward(batchesOf(run, [0, 1], [0, 1]), NO_DROPOUT);
    const single = await trainer.backward(batchesOf(run, [0, 1]), NO_DROPOUT);
    expect(same).not.toBe(single);
  });

  it('is none at rate 0', async () => {
    const { run, trainer } = await trainerOf({ dropout: 0 });
    expect(run.sites).toEqual([]);
    const lossAt = (step: number) => trainer.backward(batchesOf(run, [0, 1]), { seed: 1, phase: 0, step });
    expect(await lossAt(0)).toBe(await lossAt(5));
  });
});

it("gives a head's weight and bias the rates of their own groups", async () => {
  const grouping = parsePatternGroups(
    '- {name: encoder, patterns: ["e*"]}\n- {name: weights, patterns: ["head.*.weight"]}\n' +
      '- {name: bias, patterns: ["head.original.bias"]}\n- {name: other, patterns: ["head.shifted.bias"]}\n',
    'groups.yaml',
  );
  const { run, trainer } = await trainerOf({ grouping, rates: [0, 1e-3, 0, 1e-3] });
  const before = parametersOf(run);
  const settings = { step: 1, rates: flatRates([0, 1e-3, 0, 1e-3], [true, false]), clipNorm: null };
  await trainStep(trainer, batchesOf(run, [0, 1]), NO_DROPOUT, settings);
  expect(changed(run, before)).toEqual(['head.original.weight']);
});
