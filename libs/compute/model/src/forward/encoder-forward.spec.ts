// The packed forward and backward pass against a padded BERT of tfjs' own operations (test/padded-bert.ts).
import { startEngine, type Bindings, type EngineName, type Program } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  compiled,
  configOf,
  generator,
  gradientsOf,
  packed,
  relativeError,
  textsOf,
  weightsOf,
  type Weights,
} from '../../test/packed-bert.js';
import { paddedEncoder, paddedLoss, type PaddedMasks, type Text } from '../../test/padded-bert.js';
import { dropoutSites, type DropoutSite } from './dropout-sites.js';
import type { EncoderConfig } from '../architectures/architecture.js';
import { encode } from './encoder-forward.js';
import { dense, take } from './layers.js';
import { denseHead } from './heads.js';
import type { PackedBatch } from './packing.js';
import {
  hiddenStatesProgram,
  meanTargets,
  predictionProgram,
  trainingProgram,
} from '../programs/programs.js';

const ENGINES: readonly EngineName[] = ['onnxruntime', 'tfjs-cpu', 'tfjs-wasm'];
const LABELS = 3;
/** Ragged batches of other sizes, one text of a single token, one batch of a single text. */
const BATCHES = [[7, 3, 12, 5], [1, 4], [9]];

const headOf = (config: EncoderConfig) => denseHead('head', config.hiddenSize, LABELS);
const labelsOf = (texts: readonly Text[]): number[] => texts.map((_, text) => (text * 2 + 1) % LABELS);
const targetsOf = (texts: readonly Text[]): Bindings => ({
  targets: { data: meanTargets(labelsOf(texts), LABELS), shape: [texts.length, LABELS] },
});

interface Numbers {
  readonly loss: number;
  readonly logits: Float32Array;
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

/** Loss, logits and gradients of the padded model, on tfjs' cpu backend. */
async function padded(
  config: EncoderConfig,
  weights: Weights,
  texts: readonly Text[],
  masks: (values: (shape: number[], data: Float32Array) => tf.Tensor) => PaddedMasks = () => ({}),
): Promise<Numbers> {
  await startEngine('tfjs-cpu');
  return tf.tidy(() => {
    const names = Object.keys(weights);
    const tensors = names.map((name) => tf.tensor(weights[name]!.data, [...weights[name]!.shape]));
    const place = masks((shape, data) => tf.tensor(data, shape));
    let logits: Float32Array = new Float32Array();
    const { value, grads } = tf.valueAndGrads((...variables: tf.Tensor[]) => {
      const named = Object.fromEntries(names.map((name, i) => [name, variables[i]!]));
      const result = paddedLoss(
        paddedEncoder(config, named, texts, place),
        named,
        'head',
        labelsOf(texts),
        place,
      );
      logits = result.logits.dataSync<'float32'>();
      return result.loss;
    })(tensors);
    const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]!.dataSync<'float32'>()]));
    return { loss: value.dataSync<'float32'>()[0]!, logits, gradients };
  });
}

function expectEqual(
  found: Readonly<Record<string, Float32Array>>,
  batch: PackedBatch,
  weights: Weights,
  expected: Numbers,
): void {
  expect(Math.abs(found['loss']![0]! / expected.loss - 1)).toBeLessThan(1e-5);
  expect(relativeError(found['logits']!, expected.logits)).toBeLessThan(1e-5);
  const gradients = gradientsOf(found, batch, weights);
  expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    // A key's bias has no gradient in exact arithmetic: softmax does not see it.
    if (name.endsWith('key.bias'))
      expect(Math.max(...gradients[name]!.map(Math.abs)), name).toBeLessThan(1e-6);
    else expect(relativeError(gradients[name]!, gradient), name).toBeLessThan(1e-4);
  }
}

describe.each(ENGINES)('the packed model on %s', (engineName) => {
  it('has the loss, logits and gradients of the padded one, for batches of every size in one session', async () => {
    const config = configOf(2);
    const weights = weightsOf(config, LABELS);
    const program = trainingProgram({ config, head: headOf(config), labels: LABELS }, []);
    const { run, dispose } = await compiled(engineName, program, weights);
    for (const lengths of BATCHES) {
      const texts = textsOf(lengths);
      const batch = packed(texts);
      expectEqual(await run(batch, targetsOf(texts)), batch, weights, await padded(config, weights, texts));
    }
    await dispose();
  });

  it('drops what its masks say, at the places where the padded one does', async () => {
    const config = { ...configOf(1), hiddenDropout: 0.4, attentionDropout: 0.3 };
    const weights = weightsOf(config, LABELS);
    // The last layer works on first rows alone, so masks of a second layer see all rows.
    for (const layers of [1, 2]) {
      const deeper = { ...config, layers };
      const deepWeights = layers === 1 ? weights : weightsOf(deeper, LABELS);
      const sites = dropoutSites(deeper, 0.5, true);
      const program = trainingProgram({ config: deeper, head: headOf(deeper), labels: LABELS }, sites);
      const { run, dispose } = await compiled(engineName, program, deepWeights);
      const texts = textsOf([4, 2, 5]);
      const batch = packed(texts);
      const masks = arbitraryMasks(sites, batch);
      const found = await run(batch, { ...targetsOf(texts), ...masks });
      const expected = await padded(deeper, deepWeights, texts, (tensor) =>
        paddedMasks(masks, batch, deeper, tensor),
      );
      expectEqual(found, batch, deepWeights, expected);
      const without = await padded(deeper, deepWeights, texts);
      expect(Math.abs(expected.loss / without.loss - 1)).toBeGreaterThan(1e-3);
      await dispose();
    }
  });
});

describe('the packed model', () => {
  const config = { ...configOf(2), hiddenDropout: 0.1, attentionDropout: 0.1 };
  const weights = weightsOf(config, LABELS);
  const options = { config, head: headOf(config), labels: LABELS };
  const texts = textsOf([6, 2, 9, 4], 3);
  const batch = packed(texts);

  it('drops nothing where all masks are ones', async () => {
    const sites = dropoutSites(config, 0.1, true);
    const ones = Object.fromEntries(
      Object.entries(arbitraryMasks(sites, batch)).map(([name, { data, shape }]) => [
        name,
        { data: new Float32Array(data.length).fill(1), shape },
      ]),
    );
    const dropping = await compiled('onnxruntime', trainingProgram(options, sites), weights);
    const plain = await compiled('onnxruntime', trainingProgram(options, []), weights);
    const found = await dropping.run(batch, { ...targetsOf(texts), ...ones });
    const expected = await plain.run(batch, targetsOf(texts));
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const name of Object.keys(expected).filter((key) => !key.endsWith('key.bias'))) {
      expect(relativeError(found[name]!, expected[name]!), name).toBeLessThan(1e-6);
    }
    await Promise.all([dropping.dispose(), plain.dispose()]);
  });

  it('gives a text the same logits in whatever order and company', async () => {
    const { run, dispose } = await compiled('onnxruntime', predictionProgram(options), weights);
    const together = (await run(batch))['logits']!;
    const turned = (await run(packed(texts.toReversed())))['logits']!;
    for (const [place, text] of texts.entries()) {
      const logits = together.subarray(place * LABELS, (place + 1) * LABELS);
      const back = texts.length - 1 - place;
      expect(relativeError(turned.subarray(back * LABELS, (back + 1) * LABELS), logits)).toBeLessThan(2e-6);
      const alone = await run(packed([text]));
      expect(relativeError(alone['logits']!, logits)).toBeLessThan(2e-6);
    }
    await dispose();
  });

  it('computes the last layer for [CLS] alone as it would for all rows', async () => {
    const short = trainingProgram(options, []);
    const long: Program = {
      ...short,
      compute: (tensors) => {
        const { last } = encode(config, tensors, { firstOnly: false });
        const first = tf.gather(last, take<tf.Tensor1D>(tensors, 'firstRowOf'));
        const logits = dense(tensors, 'head', first);
        return { logits, loss: tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), take(tensors, 'targets')))) };
      },
    };
    const runs = await Promise.all([short, long].map((program) => compiled('onnxruntime', program, weights)));
    const [first, all] = await Promise.all(runs.map(({ run }) => run(batch, targetsOf(texts))));
    expect(relativeError(first!['logits']!, all!['logits']!)).toBeLessThan(1e-6);
    const [gradients, expected] = [first!, all!].map((results) => gradientsOf(results, batch, weights));
    for (const name of Object.keys(expected!).filter((key) => !key.endsWith('key.bias'))) {
      expect(relativeError(gradients![name]!, expected![name]!), name).toBeLessThan(1e-5);
    }
    await Promise.all(runs.map(({ dispose }) => dispose()));
  });

  it('gives the hidden states of every layer that the padded one has', async () => {
    const { run, dispose } = await compiled('onnxruntime', hiddenStatesProgram(config), weights);
    const found = await run(batch);
    const expected = tf.tidy(() => {
      const tensors = Object.entries(weights).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, [...shape]),
      ]);
      const { hidden } = paddedEncoder(
        config,
        Object.fromEntries(tensors) as Record<string, tf.Tensor>,
        texts,
      );
      return hidden.map((state) => state.dataSync<'float32'>());
    });
    expect(Object.keys(found).sort()).toEqual(['hidden.0', 'hidden.1', 'hidden.2']);
    expected.forEach((state, layer) => {
      const rows = rowsOf(state, batch, config.hiddenSize);
      expect(relativeError(found[`hidden.${layer}`]!, rows)).toBeLessThan(1e-5);
    });
    await dispose();
  });

  it('names a tensor that a program lacks', () => {
    expect(() => take({}, 'rows')).toThrow('the program has no tensor rows');
  });
});

/** Masks of zeros and 1 / (1 − rate) as feeds. */
function arbitraryMasks(sites: readonly DropoutSite[], { texts, length, tokens }: PackedBatch): Bindings {
  const random = generator(11);
  const sizes: Readonly<Record<string, number>> = { texts, length, tokens };
  return Object.fromEntries(
    sites.map((site) => {
      const shape = site.shape.map((size) => (typeof size === 'number' ? size : sizes[size]!));
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      return [site.name, { data: data.map(() => (random() < site.rate ? 0 : 1 / (1 - site.rate))), shape }];
    }),
  );
}

/** The same masks in the padded layout; places that the packed model does not compute get ones. */
function paddedMasks(
  masks: Bindings,
  batch: PackedBatch,
  config: EncoderConfig,
  tensor: (shape: number[], data: Float32Array) => tf.Tensor,
): PaddedMasks {
  const { texts, length } = batch;
  const width = config.hiddenSize;
  return Object.fromEntries(
    Object.entries(masks).map(([name, { data, shape }]) => {
      if (name === 'dropout.head') return [name, tensor([texts, width], Float32Array.from(data))];
      if (shape.length === 4) {
        // [b, a, queries, t], queries being all places or the first.
        const full = new Float32Array(texts * config.attentionHeads * length * length).fill(1);
        const queries = shape[2]!;
        data.forEach((value, i) => {
          const matrix = Math.floor(i / (queries * length));
          full[matrix * length * length + (i % (queries * length))] = value;
        });
        return [name, tensor([texts, config.attentionHeads, length, length], full)];
      }
      const full = new Float32Array(texts * length * width).fill(1);
      data.forEach((value, i) => {
        // First rows are the texts in order, and are also the first of all rows.
        const place = batch.placeOf[Math.floor(i / width)]!;
        const [time, text] = [Math.floor(place / texts), place % texts];
        full[(text * length + time) * width + (i % width)] = value;
      });
      return [name, tensor([texts, length, width], full)];
    }),
  );
}

/** [b, t, h] → [n, h] in the order of the packed rows. */
function rowsOf(state: Float32Array, { texts, length, placeOf }: PackedBatch, width: number): Float32Array {
  const rows = new Float32Array(placeOf.length * width);
  placeOf.forEach((place, row) => {
    const start = ((place % texts) * length + Math.floor(place / texts)) * width;
    rows.set(state.subarray(start, start + width), row * width);
  });
  return rows;
}
