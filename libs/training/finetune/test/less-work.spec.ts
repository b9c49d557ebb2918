/**
 * Work that has no effect is not done, and what is forgotten is computed again: both without another bit in
 * the result.
 */
import { record, startEngine, viewOf } from '@layerwise/engine';
import { meanTargets, packBatch, trainingProgram } from '@layerwise/model';
import { expect, it } from 'vitest';
import { recipes } from '@layerwise/optimizers';
import { createTrainer, withMethod, type Method, type Settings } from '../src/index.js';
import { untouchedShare } from '../src/weights/untouched-rows.js';
import { encoderWeights } from '../src/weights/weights.js';
import { relativeError } from './relative-error.js';
import { prepare, protocol, SETTINGS, temporaryFolder, weightsOf } from './tiny-run.js';

const DROPOUT: Settings = { ...SETTINGS, dropout: 0.1 };

async function trained(
  settings: Settings,
): Promise<{ weights: string; fingerprint: string; moved: Set<number> }> {
  const run = await prepare(settings);
  const outcome = await protocol(run, settings, temporaryFolder());
  expect(outcome.kind).toBe('complete');
  const { plan, gradients } = run.state;
  // Groups of the encoder that the last step left a gradient of; words' rows are cleared after each.
  const moved = plan.layout.places.filter(
    ({ name }) =>
      !name.startsWith('head') && viewOf(gradients.floats, plan.layout, name).some((x) => x !== 0),
  );
  return {
    weights: weightsOf(run),
    fingerprint: run.fingerprint,
    moved: new Set(moved.map(({ group }) => group)),
  };
}

it.each(['distribution', 'single'])(
  'words that no text has take no part, whatever AdamW takes from them: %s',
  async (method) => {
    const adamw = { ...recipes.adamw, weightDecay: 2 };
    const settings = withMethod({ ...DROPOUT, optimizer: adamw }, method, {}, 4);
    // A penalty of no weight changes nothing, but brings the whole table in.
    const penalties: Method['penalties'] = [{ anchor: 'pretrained', lambda: 0, fisher: null }];
    const whole: Settings = { ...settings, method: { ...settings.method!, penalties } };
    const tables = [];
    for (const one of [settings, whole]) {
      const run = await prepare(one);
      expect((await protocol(run, one, temporaryFolder())).kind).toBe('complete');
      const { plan, parameters } = run.state;
      const weights = encoderWeights(plan, run.encoder.tensors, parameters.floats, untouchedShare(run, one));
      tables.push({ words: weights[0]!, rows: plan.vocabulary.size, before: run.encoder.tensors });
    }
    const [reduced, all] = tables;
    expect(reduced!.words.name).toBe('embeddings.word_embeddings.weight');
    expect(reduced!.rows).toBeLessThan(all!.rows);
    expect(relativeError(reduced!.words.data, all!.words.data)).toBeLessThan(1e-6);
    // The decay is far above that.
    const before = reduced!.before.readTensor('embeddings.word_embeddings.weight');
    expect(relativeError(before, all!.words.data)).toBeGreaterThan(1e-4);
  },
);

it('computing layers again gives the same bits, as the same run', async () => {
  expect(await trained({ ...DROPOUT, recompute: true })).toEqual(await trained(DROPOUT));
});

it('keeps of a layer but the last nothing that has to be computed again', async () => {
  const run = await prepare(DROPOUT);
  const { program } = run.tasks.original;
  const softmaxes = async (recompute: boolean): Promise<number> => {
    const graph = await record(trainingProgram({ ...program, recompute }, run.sites));
    return graph.nodes.filter(({ operator }) => operator === 'Softmax').length;
  };
  const { layers } = program.config;
  // Cross-entropy has one of its own.
  expect((await softmaxes(true)) - (await softmaxes(false))).toBe(layers - 1);
});

it.each([
  { name: 'the lower groups', zero: (group: number) => group < 4 },
  { name: 'a group between', zero: (group: number) => group === 4 },
  { name: 'all but the head', zero: (group: number) => group < 9 },
  { name: 'the head alone', zero: (group: number) => group === 9 },
])('rates of 0 for $name cost nothing and change nothing else', async ({ zero }) => {
  const rates = SETTINGS.rates.map((rate, group) => (rate !== null && zero(group) ? 0 : rate));
  // A norm to clip to needs every gradient, and one that is never reached changes none.
  const whole = await trained({ ...DROPOUT, rates, clipNorm: 1e30 });
  const reduced = await trained({ ...DROPOUT, rates, clipNorm: null });
  expect(reduced.weights).toBe(whole.weights);
  expect([...whole.moved].some(zero)).toBe([...Array(9).keys()].some(zero));
  expect([...reduced.moved].filter(zero)).toEqual([]);
});

it('computes no gradient that is not wanted, and nothing below the lowest that is', async () => {
  const run = await prepare(SETTINGS);
  const { program, train, task } = run.tasks.original;
  const engine = await startEngine('onnxruntime');
  const rows = [0, 1, 2, 3];
  const labels = rows.map((row) => task.train.label[row]!);
  const { layout } = run.state.plan;
  const gradientsWith = async (isTrained: (name: string) => boolean): Promise<Float32Array> => {
    run.state.gradients.floats.fill(0);
    const trainer = await createTrainer({
      engine,
      state: run.state,
      heads: [program],
      isTrained,
    });
    const targets = meanTargets(labels, program.labels);
    const batch = { packed: packBatch(train, rows), targets, labels: program.labels };
    await trainer.backward([batch], { seed: 1, phase: 0, step: 0 });
    const found = trainer.gradients().slice();
    await trainer.dispose();
    return found;
  };
  const isUpper = (name: string): boolean => /layer\.[23]\.|head/.test(name);
  const all = await gradientsWith(() => true);
  const upper = await gradientsWith(isUpper);
  for (const { name } of layout.places) {
    const expected = viewOf(all, layout, name).map((value) => (isUpper(name) ? value : 0));
    expect(viewOf(upper, layout, name), name).toEqual(expected);
  }
  const products = async (gradientsOf: (name: string) => boolean): Promise<number> => {
    const whole = trainingProgram(program, []);
    const graph = await record({ ...whole, gradientsOf: whole.gradientsOf.filter(gradientsOf) });
    return graph.nodes.filter(({ operator }) => /^(FusedMatMul|Gemm)$/.test(operator)).length;
  };
  // Backward each layer takes two products for each of its six dense ones, four for attention and two for
  // each of its two norms: those of layers 0 and 1 are gone, of layer 2 those that lead to its input, by
  // queries, keys and values, and those of the embeddings' norm.
  expect((await products(() => true)) - (await products(isUpper))).toBe(2 * (2 * 6 + 4 + 2 * 2) + 3 + 2);
});

it('batches of like length are another run, the same each time', async () => {
  const grouped = await trained({ ...DROPOUT, groupByLength: true });
  const plain = await trained(DROPOUT);
  expect(grouped.weights).not.toBe(plain.weights);
  expect(grouped.fingerprint).not.toBe(plain.fingerprint);
  expect(await trained({ ...DROPOUT, groupByLength: true })).toEqual(grouped);
});
