import { startEngine } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifierHead } from '../architectures/bert/heads.js';
import { denseHead } from './heads.js';

const FIRST = [
  [1, -2],
  [0.5, 3],
];
const WEIGHT = [
  [2, 1],
  [0, -1],
  [4, 0.5],
];
const BIAS = [0.1, 0.2, 0.3];
const MASK = [
  [0, 2],
  [2, 0],
];

/** y[o] = Σ x[k] w[o][k] + b[o]. */
const dense = (x: readonly number[], weight: readonly number[][], bias: readonly number[]): number[] =>
  weight.map((row, o) => row.reduce((sum, w, k) => sum + w * x[k]!, bias[o]!));

const flat = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

beforeAll(async () => {
  await startEngine('tfjs-cpu');
});

describe('heads', () => {
  const classifier = { 'classifier.weight': tf.tensor2d(WEIGHT), 'classifier.bias': tf.tensor1d(BIAS) };

  it('are one dense layer on the masked [CLS]', () => {
    const head = denseHead('classifier', 2, 3);
    expect(head.tensors).toEqual([
      { name: 'classifier.weight', shape: [3, 2] },
      { name: 'classifier.bias', shape: [3] },
    ]);
    const plain = flat(head.logits(classifier, tf.tensor2d(FIRST)));
    FIRST.flatMap((x) => dense(x, WEIGHT, BIAS)).forEach((value, i) =>
      expect(plain[i]).toBeCloseTo(value, 5),
    );
    const dropped = flat(
      head.logits({ ...classifier, 'dropout.head': tf.tensor2d(MASK) }, tf.tensor2d(FIRST)),
    );
    const masked = FIRST.map((x, text) => x.map((value, k) => value * MASK[text]![k]!));
    masked
      .flatMap((x) => dense(x, WEIGHT, BIAS))
      .forEach((value, i) => expect(dropped[i]).toBeCloseTo(value, 5));
  });

  it('of a classification folder pool first, and drop what was pooled', () => {
    const head = classifierHead({ hiddenSize: 2 }, 3);
    expect(head.tensors.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['pooler.dense.weight', 2, 2],
      ['pooler.dense.bias', 2],
      ['classifier.weight', 3, 2],
      ['classifier.bias', 3],
    ]);
    const [weight, bias] = [[[0.3, -0.1], [0.2, 0.4]], [0.05, -0.05]]; // prettier-ignore
    const tensors = {
      ...classifier,
      'pooler.dense.weight': tf.tensor2d(weight),
      'pooler.dense.bias': tf.tensor1d(bias),
      'dropout.head': tf.tensor2d(MASK),
    };
    const found = flat(head.logits(tensors, tf.tensor2d(FIRST)));
    const expected = FIRST.flatMap((x, text) => {
      const pooled = dense(x, weight, bias).map((value, k) => Math.tanh(value) * MASK[text]![k]!);
      return dense(pooled, WEIGHT, BIAS);
    });
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });
});
