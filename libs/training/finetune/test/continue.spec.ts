/**
 * A seed gives the same bits, and a run that was stopped or broke off anywhere ends with those of one that
 * was not.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recipes } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import { CHECKPOINT_FILE, type RunOutcome, type Settings } from '../src/index.js';
import { lossesOf, prepare, protocol, SETTINGS, temporaryFolder, weightsOf } from './tiny-run.js';

interface Finished {
  readonly weights: string;
  readonly outcome: Extract<RunOutcome, { kind: 'complete' }>;
}

function finished(weights: string, outcome: RunOutcome): Finished {
  if (outcome.kind !== 'complete') throw new Error(`the run is ${outcome.kind}`);
  return { weights, outcome };
}

async function unbroken(settings: Settings): Promise<Finished> {
  const run = await prepare(settings);
  const outcome = await protocol(run, settings, temporaryFolder());
  return finished(weightsOf(run), outcome);
}

/** Everything but the times. */
const factsOf = ({ weights, outcome }: Finished) => ({
  weights,
  losses: [lossesOf(outcome, 'original'), lossesOf(outcome, 'shifted')],
  tokens: outcome.history.tokens,
  before: outcome.accuracyOriginalBefore,
  original: outcome.original,
  shifted: outcome.shifted,
});

const VARIANTS: readonly { readonly name: string; readonly settings: Settings }[] = [
  { name: 'adam with dropout', settings: { ...SETTINGS, dropout: 0.1 } },
  {
    name: 'adamw, clipped and accumulated',
    settings: { ...SETTINGS, optimizer: recipes.adamw, batch: 2, accumulate: 2, clipNorm: 0.5, dropout: 0.1 },
  },
  { name: 'sgd', settings: { ...SETTINGS, optimizer: recipes.sgd, clipNorm: 0.5 } },
];

describe.each(VARIANTS)('$name', ({ settings }) => {
  it('stopped after every step ends as one never stopped', async () => {
    const expected = await unbroken(settings);
    const folder = temporaryFolder();
    const stops: string[] = [];
    for (;;) {
      const run = await prepare(settings);
      const controller = new AbortController();
      const outcome = await protocol(run, settings, folder, {
        signal: controller.signal,
        onStep: () => controller.abort(),
      });
      if (outcome.kind !== 'stopped') {
        expect(factsOf(finished(weightsOf(run), outcome))).toEqual(factsOf(expected));
        break;
      }
      stops.push(`${outcome.phase} ${outcome.step}`);
    }
    // After a phase's last step the evaluation heeds the signal.
    expect(stops).toEqual(
      [1, 2, 3, 4, 5, 6]
        .map((step) => `original ${step}`)
        .concat([1, 2, 3, 4].map((step) => `shifted ${step}`)),
    );
  });

  it('broken off between two checkpoints ends as one never broken off', async () => {
    const expected = await unbroken(settings);
    const folder = temporaryFolder();
    const breakAt = async (phase: string, step: number): Promise<void> => {
      const run = await prepare(settings);
      const broken = protocol(run, settings, folder, {
        checkpointEvery: 2,
        onStep: (report) => {
          if (report.phase === phase && report.step === step) throw new Error('broken off');
        },
      });
      await expect(broken).rejects.toThrow('broken off');
      expect(existsSync(join(folder, CHECKPOINT_FILE))).toBe(true);
    };
    await breakAt('original', 3);
    await breakAt('shifted', 0);
    await breakAt('shifted', 3);
    const run = await prepare(settings);
    const outcome = await protocol(run, settings, folder, { checkpointEvery: 2 });
    expect(factsOf(finished(weightsOf(run), outcome))).toEqual(factsOf(expected));
  });
});

describe('a seed', () => {
  const settings = { ...SETTINGS, dropout: 0.1 };

  it('gives the same bits twice, and another one others', async () => {
    const one = await unbroken(settings);
    expect(factsOf(await unbroken(settings))).toEqual(factsOf(one));
    expect((await unbroken({ ...settings, seed: 8 })).weights).not.toBe(one.weights);
  });

  it('decides about heads, order and dropout: without either of them the weights differ', async () => {
    const one = await unbroken(settings);
    expect((await unbroken({ ...settings, dropout: 0 })).weights).not.toBe(one.weights);
  });
});

it('times go on where they stopped', async () => {
  const folder = temporaryFolder();
  const controller = new AbortController();
  const first = await prepare(SETTINGS);
  const started = performance.now();
  const stopped = await protocol(first, SETTINGS, folder, {
    signal: controller.signal,
    onStep: ({ step }) => {
      if (step === 3) controller.abort();
    },
  });
  const elapsed = (performance.now() - started) / 1000;
  expect(stopped.kind).toBe('stopped');
  const run = await prepare(SETTINGS);
  const outcome = await protocol(run, SETTINGS, folder);
  if (outcome.kind !== 'complete') throw new Error(outcome.kind);
  const steps = outcome.history.seconds.slice(0, 4).reduce((sum, seconds) => sum + seconds, 0);
  expect(outcome.seconds.original).toBeGreaterThan(steps);
  expect(outcome.seconds.original).toBeGreaterThan(0.5 * elapsed);
});
