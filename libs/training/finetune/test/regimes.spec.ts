/**
 * Replay, joint training, each task alone and gradual unfreezing: what each does to a run, and that without
 * it the run is another.
 */
import { startEngine, viewOf } from '@layerwise/engine';
import { meanTargets, packBatch } from '@layerwise/model';
import { recipes } from '@layerwise/optimizers';
import { describe, expect, it } from 'vitest';
import {
  createTrainer,
  withMethod,
  type Evaluation,
  type Method,
  type RunOutcome,
  type Settings,
} from '../src/index.js';
import { keptRows, stepRowsByTask } from '../src/batches/mixture.js';
import {
  lossesOf,
  prepare,
  protocol,
  SETTINGS,
  taskOf,
  TASKS,
  temporaryFolder,
  weightsOf,
} from './tiny-run.js';

/** Training splits of 10 and 7 rows, of which lengths do not matter. */
const SPLITS = [11, 8].map((length) => ({ offsets: new Int32Array(length) }));

const DROPPED: Settings = { ...SETTINGS, dropout: 0.1 };
/** Two steps a phase, where a run is made anew after each of them. */
const SHORT: Settings = { ...DROPPED, batch: 5, epochs: { original: 1, shifted: 1 } };
const withPieces = (pieces: Omit<Method, 'name'>, settings = DROPPED): Settings => ({
  ...settings,
  method: { name: 'tested', ...pieces },
});

type Complete = Extract<RunOutcome, { kind: 'complete' }>;

async function complete(
  settings: Settings,
  tasks = TASKS,
): Promise<{ outcome: Complete; weights: string; before: Evaluation | undefined }> {
  const run = await prepare(settings, tasks);
  let before: Evaluation | undefined;
  const outcome = await protocol(run, settings, temporaryFolder(), {
    saveBefore: (evaluation) => Promise.resolve(void (before = evaluation)),
  });
  if (outcome.kind !== 'complete') throw new Error(outcome.kind);
  return { outcome, weights: weightsOf(run), before };
}

/** Plain training under `DROPPED`, which more than one test compares with. */
let plainRun: ReturnType<typeof complete> | undefined;
const plainDropped = (): ReturnType<typeof complete> => (plainRun ??= complete(DROPPED));

/** The run stopped after every step ends as the one never stopped. */
async function expectResumable(settings: Settings): Promise<void> {
  const expected = await complete(settings);
  const folder = temporaryFolder();
  for (;;) {
    const run = await prepare(settings);
    const controller = new AbortController();
    const options = { signal: controller.signal, onStep: () => controller.abort() };
    const outcome = await protocol(run, settings, folder, options);
    if (outcome.kind === 'stopped') continue;
    if (outcome.kind !== 'complete') throw new Error(outcome.kind);
    expect(weightsOf(run)).toBe(expected.weights);
    expect([outcome.original, outcome.shifted]).toEqual([
      expected.outcome.original,
      expected.outcome.shifted,
    ]);
    return;
  }
}

describe('replay', () => {
  it('of nothing is plain training, bit for bit', async () => {
    const plain = await plainDropped();
    const replayed = await complete(withPieces({ replay: { share: 0 } }));
    expect(replayed.weights).toBe(plain.weights);
    expect(replayed.outcome.original).toEqual(plain.outcome.original);
  });

  it('mixes a share of the rows of the first task into every epoch of the second phase', () => {
    const settings = withPieces({ replay: { share: 0.5 } });
    const rowsAt = stepRowsByTask(settings, 1, SPLITS);
    const kept = keptRows(SETTINGS.seed, 0, 10, { share: 0.5 });
    expect(new Set(kept).size).toBe(5);
    for (const epoch of [0, 1]) {
      const steps = [0, 1, 2].map((step) => rowsAt(3 * epoch + step));
      expect(steps.map(([first, second]) => first!.length + second!.length)).toEqual([4, 4, 4]);
      const sorted = (task: number): number[] =>
        steps.flatMap((byTask) => [...byTask[task]!]).sort((a, b) => a - b);
      expect(sorted(0)).toEqual([...kept]);
      expect(sorted(1)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
    expect(stepRowsByTask(settings, 0, SPLITS)(0).map(({ length }) => length)).toEqual([4, 0]);
  });

  it("makes a step's gradient the mean over its rows of both tasks", async () => {
    const run = await prepare(withPieces({ replay: { share: 1 } }, SETTINGS));
    const engine = await startEngine('onnxruntime');
    const heads = run.sequence.map(({ program }) => program);
    const trainer = await createTrainer({ engine, state: run.state, heads });
    const randomness = { seed: 1, phase: 1, step: 0 };
    const part = (head: number, rows: number[], total: number) => {
      const { task, train, program } = run.sequence[head]!;
      const labels = rows.map((row) => task.train.label[row]!);
      const targets = meanTargets(labels, program.labels).map((weight) => (weight * rows.length) / total);
      return { packed: packBatch(train, rows), targets, labels: program.labels, head };
    };
    const gradientsOf = async (...batches: ReturnType<typeof part>[]) => {
      const loss = await trainer.backward(batches, randomness);
      return { loss, gradients: trainer.gradients().slice() };
    };
    // Three rows of one task and one of the other: the mean over four. Twice, so that what a step left behind
    // would show.
    const first = await gradientsOf(part(0, [1, 5, 2], 3));
    const second = await gradientsOf(part(1, [6], 1));
    for (let step = 0; step < 2; step++) {
      const both = await gradientsOf(part(0, [1, 5, 2], 4), part(1, [6], 4));
      expect(both.loss).toBeCloseTo((3 * first.loss + second.loss) / 4, 5);
      const apart = first.gradients.map((value, i) => (3 * value + second.gradients[i]!) / 4);
      const error = Math.max(...both.gradients.map((value, i) => Math.abs(value - apart[i]!)));
      expect(error).toBeLessThan(1e-6);
    }
    await trainer.dispose();
  });

  // The second task has the first one's texts and the opposite labels, so the encoder unlearns what the first
  // head reads.
  const opposed = (() => {
    const words = ['calm', 'quiet', 'slow', 'warm'].map((word) => `the ${word} river`);
    const rows = words.map((text, at) => [text, null, at % 2] as const);
    const swapped = rows.map(([text, pair, label]) => [text, pair, 1 - label] as const);
    const shifted = swapped.slice(0, 2);
    return {
      original: taskOf('first', { labels: ['a', 'b'], train: rows, dev: rows }),
      shifted: taskOf('second', { labels: ['c', 'd'], train: shifted, dev: shifted }),
    };
  })();

  it('of half of the rows keeps more of the first task', async () => {
    const settings: Settings = {
      ...SETTINGS,
      rates: SETTINGS.rates.map((rate) => rate && 3e-3),
      epochs: { original: 30, shifted: 60 },
    };
    const lossOf = ({ original }: Complete): number => {
      const labels = opposed.original.dev.label;
      return labels.reduce((sum, label, row) => {
        const [a = 0, b = 0] = original!.logits.subarray(2 * row, 2 * row + 2);
        return sum + Math.log(1 + Math.exp(label === 0 ? b - a : a - b)) / labels.length;
      }, 0);
    };
    const plain = await complete(settings, opposed);
    const replayed = await complete(withPieces({ replay: { share: 0.5 } }, settings), opposed);
    expect(plain.outcome.accuracyOriginalBefore).toBe(1);
    expect(lossOf(replayed.outcome)).toBeLessThan(0.5 * lossOf(plain.outcome));
  });

  it('goes on from any step', () => expectResumable(withPieces({ replay: { share: 0.3 } }, SHORT)));
});

describe('joint training', () => {
  it('is one phase that sees all rows of both tasks, and is asked both', async () => {
    const settings = withMethod(SETTINGS, 'joint', {}, 4);
    const run = await prepare(settings);
    const { layout } = run.state.plan;
    const heads = () =>
      run.sequence.map(({ headName }) => [
        ...viewOf(run.state.parameters.floats, layout, `${headName}.weight`),
      ]);
    const begun = heads();
    const outcome = await protocol(run, settings, temporaryFolder());
    if (outcome.kind !== 'complete') throw new Error(outcome.kind);
    expect(lossesOf(outcome, 'original')).toEqual([]);
    expect(lossesOf(outcome, 'shifted')).toHaveLength(2 * Math.ceil((10 + 7) / 4));
    expect(outcome.accuracyOriginalBefore).toBeNull();
    expect(outcome.original).not.toBeNull();
    expect(outcome.shifted).not.toBeNull();
    const ended = heads();
    for (const task of [0, 1]) expect(ended[task]).not.toEqual(begun[task]);
    const rowsAt = stepRowsByTask(settings, 1, SPLITS);
    const epoch = [0, 1, 2, 3, 4].map((step) => rowsAt(step));
    expect(epoch.flatMap(([first]) => [...first!]).sort((a, b) => a - b)).toEqual([...Array(10).keys()]);
    expect(epoch.flatMap(([, second]) => [...second!]).sort((a, b) => a - b)).toEqual([...Array(7).keys()]);
  });

  it('goes on from any step', () => expectResumable(withMethod(SHORT, 'joint', {}, 4)));
});

describe('each task alone', () => {
  const settings = withMethod(DROPPED, 'single', {}, 4);

  it('is the first phase of the protocol, and the second one as if there had been no first', async () => {
    const single = await complete(settings);
    const plain = await plainDropped();
    const shifted = await complete({ ...DROPPED, epochs: { original: 0, shifted: 2 } });
    expect(single.before).toEqual(plain.before);
    expect(single.outcome.shifted).toEqual(shifted.outcome.shifted);
    expect(lossesOf(single.outcome, 'shifted')).toEqual(lossesOf(shifted.outcome, 'shifted'));
    expect(lossesOf(single.outcome, 'shifted')).not.toEqual(lossesOf(plain.outcome, 'shifted'));
    // The encoder that the first head was trained with is gone.
    expect(single.outcome.original).toBeNull();
  });

  it('goes on from any step', () => expectResumable(withMethod(SHORT, 'single', {}, 4)));
});

describe('gradual unfreezing', () => {
  const settings = withPieces(
    { unfreezing: { groupsAnEpoch: 2 } },
    { ...SETTINGS, epochs: { original: 2, shifted: 2 }, schedule: 'constant', warmup: 0 },
  );

  /** Names of tensors that changed within the first `steps` of phase 1. */
  async function changedAfter(steps: number, given = settings): Promise<Set<string>> {
    const run = await prepare(given);
    const { layout } = run.state.plan;
    const before = run.state.parameters.floats.slice();
    const controller = new AbortController();
    await protocol(run, given, temporaryFolder(), {
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step + 1 === steps) controller.abort();
      },
    });
    const moved = ({ name }: { readonly name: string }): boolean => {
      const now = viewOf(run.state.parameters.floats, layout, name);
      return viewOf(before, layout, name).some((value, i) => value !== now[i]);
    };
    return new Set(
      layout.places.filter(moved).map(({ name }) => name.replace(/^encoder\.(layer\.\d).*/, '$1')),
    );
  }

  it('moves the head and the last layer in the first epoch, two more groups in the second, and no other bit', async () => {
    const head = ['head.original.bias', 'head.original.weight'];
    expect([...(await changedAfter(3))].sort()).toEqual([...head, 'layer.3']);
    expect([...(await changedAfter(6))].sort()).toEqual([...head, 'layer.1', 'layer.2', 'layer.3']);
    const plain = await changedAfter(3, { ...settings, method: { name: 'plain' } });
    expect(plain).toContain('layer.0');
  });

  it("counts a group's steps from where it joins: Adam's first one there is as long as its rate", async () => {
    const run = await prepare(settings);
    const { layout } = run.state.plan;
    const name = 'encoder.layer.2.output.dense.weight';
    const at = (): number[] => [...viewOf(run.state.parameters.floats, layout, name)];
    let [before, after]: number[][] = [[], []];
    const controller = new AbortController();
    await protocol(run, settings, temporaryFolder(), {
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 2) before = at();
        if (step === 3) after = at();
        if (step === 3) controller.abort();
      },
    });
    const rate = settings.rates[6]!;
    const moved = before!.map((value, i) => Math.abs(value - after![i]!)).sort((a, b) => a - b);
    // |g| / (|g| + 1e-8) of the rate, where the gradient is not nought.
    expect(moved[moved.length >> 1]! / rate).toBeCloseTo(1, 2);
    expect(moved.at(-1)! / rate).toBeCloseTo(1, 2);
  });

  // Groups join at the third step of the first phase.
  it('goes on from any step', () =>
    expectResumable({
      ...settings,
      dropout: 0.1,
      optimizer: recipes.adamw,
      batch: 5,
      epochs: { original: 2, shifted: 1 },
    }));
});
