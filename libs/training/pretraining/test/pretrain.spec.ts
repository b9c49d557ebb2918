/** Pretraining as a whole, on a corpus that is learnt in seconds. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewOf } from '@layerwise/engine';
import { openEncoder } from '@layerwise/model';
import { describe, expect, it } from 'vitest';
import {
  CHECKPOINT_FILE,
  preparePretraining,
  writeMaskedEncoder,
  type NewEncoder,
  type PretrainEnd,
  type PretrainingSettings,
  type PreparedPretraining,
  type Start,
} from '../src/index.js';
import { runPrepared } from './run-prepared.js';
import { temporaryFolder, tinyCorpus, tinySettings, tinySizes } from './tiny-corpus.js';

interface Made {
  readonly run: PreparedPretraining;
  readonly end: PretrainEnd;
  readonly folder: string;
}

interface Changes {
  readonly settings?: Partial<PretrainingSettings>;
  readonly sizes?: Partial<NewEncoder>;
  readonly start?: Start;
  readonly folder?: string;
  readonly checkpointEvery?: number;
  /** Steps after which the run is stopped. */
  readonly stopAfter?: number;
}

async function trained(changes: Changes = {}): Promise<Made> {
  const { folder = temporaryFolder(), checkpointEvery = 0, stopAfter = Infinity } = changes;
  const settings = { ...tinySettings, ...changes.settings };
  const start = changes.start ?? ({ kind: 'new', sizes: { ...tinySizes, ...changes.sizes } } as const);
  const run = await preparePretraining(tinyCorpus(), start, settings, folder);
  const end = await runPrepared(run, settings, folder, { checkpointEvery, stopAfter });
  return { run, end, folder };
}

function curveOf({ end }: Made) {
  if (end.kind !== 'complete') throw new Error(`the run ended as ${end.kind}`);
  return end.curve;
}

const weightsOf = ({ run }: Made): Float32Array => run.state.parameters.floats.slice();

describe('pretraining', () => {
  it('learns more than word frequencies', async () => {
    const made = await trained();
    const { step, heldOutLoss, heldOutAccuracy, tokens } = curveOf(made);
    expect(step).toEqual([0, 20, 40, 60]);
    // An epoch's last batch is smaller, and the first epoch ends after the third of these rows.
    const missing = 16 - (made.run.streams.training.starts.length % 16);
    expect(tokens).toEqual([0, 20 * 256, 40 * 256, 60 * 256 - missing * 16]);
    // At first every one of some 100 pieces is as likely as the others.
    expect(heldOutLoss[0]).toBeGreaterThan(made.run.unigramEntropy);
    expect(heldOutLoss.at(-1)).toBeLessThan(0.7 * made.run.unigramEntropy);
    expect(heldOutAccuracy.at(-1)).toBeGreaterThan(0.2);
  });

  it('goes on from a checkpoint to the same bits, and the same curve', async () => {
    const whole = await trained();
    const folder = temporaryFolder();
    const first = await trained({ folder, stopAfter: 27 });
    expect(first.end).toEqual({ kind: 'stopped', step: 27 });
    const second = await trained({ folder });
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    const { seconds, ...curve } = curveOf(second);
    const { seconds: other, ...expected } = curveOf(whole);
    expect(curve).toEqual(expected);
    expect(seconds).toHaveLength(other.length);
  });

  it('is killed between two checkpoints without a trace', async () => {
    const whole = await trained({ settings: { steps: 30 } });
    const [folder, later] = [temporaryFolder(), temporaryFolder()];
    await trained({ folder, settings: { steps: 30 }, checkpointEvery: 10, stopAfter: 25 });
    await trained({ folder: later, settings: { steps: 30 }, checkpointEvery: 20, stopAfter: 20 });
    copyFileSync(join(later, CHECKPOINT_FILE), join(folder, CHECKPOINT_FILE));
    expect(weightsOf(await trained({ folder, settings: { steps: 30 } }))).toEqual(weightsOf(whole));
  });

  it('refuses the checkpoint of other settings', async () => {
    const folder = temporaryFolder();
    await trained({ folder, stopAfter: 3 });
    await expect(trained({ folder, settings: { rate: 2e-3 } })).rejects.toThrow(
      /belongs to a run with other settings/,
    );
  });

  it('another seed gives other weights', async () => {
    const settings = { steps: 2 };
    const one = weightsOf(await trained({ settings }));
    expect(weightsOf(await trained({ settings }))).toEqual(one);
    expect(weightsOf(await trained({ settings: { ...settings, seed: 2 } }))).not.toEqual(one);
  });

  it('starts from an encoder folder, with its head and its tokeniser', async () => {
    const first = await trained();
    await writeMaskedEncoder(first.folder, first.run.state, { half: false });
    const encoder = openEncoder(first.folder);
    const again = await trained({
      start: { kind: 'folder', encoder, seed: 1 },
      settings: { steps: 20, rate: 1e-4 },
    });
    const { heldOutLoss } = curveOf(again);
    expect(heldOutLoss[0]).toBeCloseTo(curveOf(first).heldOutLoss.at(-1) ?? 0, 5);
  });
});

describe('a run in which no weight would move', () => {
  const once = { steps: 1, evaluateEvery: 1 };

  it('is refused: its only step is one of warm-up, or its rate is 0', async () => {
    await expect(trained({ settings: once })).rejects.toThrow(
      /only step is one of warm-up .* give --warmup 0/,
    );
    await expect(trained({ settings: { rate: 0 } })).rejects.toThrow(/--rate 0/);
  });

  it.each(['cosine', 'linear', 'constant'] as const)(
    'is none of one %s step without warm-up',
    async (schedule) => {
      const made = await trained({ settings: { ...once, schedule, warmup: 0 } });
      const start = { kind: 'new', sizes: tinySizes } as const;
      const fresh = await preparePretraining(tinyCorpus(), start, tinySettings, temporaryFolder());
      expect(weightsOf(made)).not.toEqual(weightsOf({ ...made, run: fresh }));
    },
  );
});

describe('weight decay', () => {
  it('shrinks matrices by rate · decay and spares biases and norms', async () => {
    // The rate of the first step is 0, so that both runs take their second step with the same gradient.
    const settings = { steps: 2, schedule: 'constant', warmup: 0.1, rate: 1e-3 } as const;
    const [plain, decayed] = [
      await trained({ settings: { ...settings, weightDecay: 0 } }),
      await trained({ settings: { ...settings, weightDecay: 0.5 } }),
    ];
    const start = { kind: 'new', sizes: tinySizes } as const;
    const { state } = await preparePretraining(tinyCorpus(), start, tinySettings, temporaryFolder());
    const { layout } = state.plan;
    for (const { name, shape } of layout.places) {
      const [before = [], a = [], b = []] = [state, plain.run.state, decayed.run.state].map(
        ({ parameters }) => Array.from(viewOf(parameters.floats, layout, name)),
      );
      if (shape.length === 1) expect(b, name).toEqual(a);
      else {
        const wanted = a.map((value, i) => value - 1e-3 * 0.5 * (before[i] ?? 0));
        expect(Math.max(...b.map((value, i) => Math.abs(value - (wanted[i] ?? 0)))), name).toBeLessThan(1e-7);
        expect(b, name).not.toEqual(a);
      }
    }
  });
});
