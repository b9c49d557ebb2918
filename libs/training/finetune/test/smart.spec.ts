/**
 * SMART in a run: what its two terms do, that without them it is plain training, and that it goes on from any
 * step.
 */
import { startEngine } from '@layerwise/engine';
import { meanTargets, packBatch } from '@layerwise/model';
import { expect, it } from 'vitest';
import { createTrainer, type Evaluation, type PreparedRun, type Settings } from '../src/index.js';
import type { Smart } from '../src/methods/method.js';
import { follow, momentumAt, SMART } from '../src/methods/smart-step.js';
import { lossesOf, prepare, protocol, SETTINGS, temporaryFolder, weightsOf } from './tiny-run.js';

const smartly = (changes: Partial<Smart>, settings: Settings = { ...SETTINGS, dropout: 0.1 }): Settings => ({
  ...settings,
  method: { name: 'smart', smart: { ...SMART, ...changes } },
});
const NEITHER = { smoothness: 0, proximity: 0 };

async function trained(settings: Settings) {
  const run = await prepare(settings);
  const outcome = await protocol(run, settings, temporaryFolder());
  if (outcome.kind !== 'complete') throw new Error(outcome.kind);
  return { run, outcome, weights: weightsOf(run) };
}

/** How far logits lie apart, in the mean over the texts. */
function spread({ logits, predicted }: Evaluation): number {
  const classes = logits.length / predicted.length;
  const ranges = Array.from(predicted, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    return Math.max(...own) - Math.min(...own);
  });
  return ranges.reduce((sum, range) => sum + range, 0) / ranges.length;
}

/**
 * Largest mean divergence that inner steps of this radius find on the first task's training rows: loss with λ
 * = 1 less that without.
 */
async function divergence(run: PreparedRun, radius: number): Promise<number> {
  const engine = await startEngine('onnxruntime');
  const { task, train, program } = run.tasks.original;
  const labels = [...task.train.label];
  const targets = meanTargets(labels, program.labels);
  const packed = packBatch(train, [...labels.keys()]);
  const lossWith = async (smoothness: number): Promise<number> => {
    const smart = { smoothness, proximity: 0, radius, stepSize: radius, ascents: 3 };
    const trainer = await createTrainer({ engine, state: run.state, heads: [program], smart });
    const loss = await trainer.backward([{ packed, targets, labels: program.labels }], {
      seed: 1,
      phase: 0,
      step: 0,
    });
    await trainer.dispose();
    return loss;
  };
  return (await lossWith(1)) - (await lossWith(0));
}

it('with neither term is plain training, bit for bit', async () => {
  const plain = await trained({ ...SETTINGS, dropout: 0.1 });
  expect((await trained(smartly(NEITHER))).weights).toBe(plain.weights);
});

it('trains answers that change less under perturbation', async () => {
  const settings = { ...SETTINGS, batch: 10, epochs: { original: 25, shifted: 0 } };
  const radius = 0.3;
  const plain = await trained(smartly(NEITHER, settings));
  const smooth = await trained(smartly({ smoothness: 20, proximity: 0, radius, stepSize: radius }, settings));
  const [rough, smoothed] = [await divergence(plain.run, radius), await divergence(smooth.run, radius)];
  expect(rough).toBeGreaterThan(0);
  expect(smoothed).toBeLessThan(0.7 * rough);
});

it('holds answers near those of the weights before, and adds nothing where those are the same', async () => {
  const settings = { ...SETTINGS, dropout: 0.1, batch: 10, epochs: { original: 12, shifted: 0 } };
  const plain = await trained(smartly(NEITHER, settings));
  const near = await trained(smartly({ smoothness: 0, proximity: 20 }, settings));
  expect(spread(near.outcome.original!)).toBeLessThan(0.7 * spread(plain.outcome.original!));
  // At the first step the earlier weights are the weights, and their masks the same: a divergence of nought.
  const [first] = [lossesOf(plain.outcome, 'original')[0]!];
  expect(lossesOf(near.outcome, 'original')[0]).toBeCloseTo(first, 6);
  expect(lossesOf(near.outcome, 'original')[5]).not.toBeCloseTo(lossesOf(plain.outcome, 'original')[5]!, 4);
});

it('the earlier weights follow, faster in the first tenth of a phase', () => {
  const earlier = Float32Array.of(1, 2);
  follow(earlier, Float32Array.of(3, 2), momentumAt(0, 10));
  expect([...earlier]).toEqual([Math.fround(1.02), 2]);
  follow(earlier, Float32Array.of(3, 2), momentumAt(1, 10));
  expect(earlier[0]).toBeCloseTo(1.02 + 0.001 * 1.98, 6);
});

it('stopped within each phase ends as one never stopped', async () => {
  const settings = smartly(
    { smoothness: 2, proximity: 3, radius: 0.01, stepSize: 0.01 },
    {
      ...SETTINGS,
      dropout: 0.1,
      batch: 3,
      accumulate: 2,
      epochs: { original: 1, shifted: 1 },
    },
  );
  const expected = await trained(settings);
  const folder = temporaryFolder();
  for (let stops = 0; ; stops++) {
    const run = await prepare(settings);
    const controller = new AbortController();
    const onStep = ({ step }: { readonly step: number }): void => {
      if (step === 0) controller.abort();
    };
    const outcome = await protocol(run, settings, folder, { signal: controller.signal, onStep });
    if (outcome.kind === 'stopped') continue;
    expect(stops).toBe(2);
    expect(weightsOf(run)).toBe(expected.weights);
    return;
  }
});
