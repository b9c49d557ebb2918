// The decoder's loss, gradients and accuracy against the formulas in plain numbers, with words that are right
// more than once.
import { gradientName, startEngine, type Program } from '@layerwise/engine';
import type * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { take } from '../forward/layers.js';
import { float32, int32 } from './programs.js';
import { decoderLoss, decoderScore, type Scored } from './tied-decoder.js';

const [ROWS, WORDS, WIDTH] = [5, 4, 3];
const wave = (length: number, shift: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 2 * Math.sin(1.7 * i + shift));
const x = wave(ROWS * WIDTH, 0.3);
const table = wave(WORDS * WIDTH, 1.1);
const bias = wave(WORDS, 2.2);
const ids = [2, 0, 2, 3, 2];
const weights = [0.1, 0.3, 0.2, 0.25, 0.15];

function program(gradients: boolean): Program {
  const inputs = (tensors: Readonly<Record<string, tf.Tensor>>) =>
    [
      take<tf.Tensor2D>(tensors, 'x'),
      take<tf.Tensor2D>(tensors, 'table'),
      take<tf.Tensor1D>(tensors, 'bias'),
      {
        ids: take(tensors, 'ids'),
        places: take(tensors, 'places'),
        weights: take(tensors, 'weights'),
      } satisfies Scored,
    ] as const;
  return {
    name: 'decoder',
    inputs: [
      int32('ids', ['m']),
      int32('places', ['m']),
      float32('weights', ['m', 1]),
      float32('x', ['m', WIDTH]),
    ],
    parameters: [float32('table', [WORDS, WIDTH]), float32('bias', [WORDS])],
    gradientsOf: gradients ? ['x', 'table', 'bias'] : [],
    compute: (tensors) =>
      gradients ? { loss: decoderLoss(...inputs(tensors)) } : decoderScore(...inputs(tensors)),
  };
}

const feeds = {
  ids: { data: Int32Array.from(ids), shape: [ROWS] },
  places: { data: Int32Array.from(ids, (id, row) => row * WORDS + id), shape: [ROWS] },
  weights: { data: Float32Array.from(weights), shape: [ROWS, 1] },
  x: { data: x, shape: [ROWS, WIDTH] },
  table: { data: table, shape: [WORDS, WIDTH] },
  bias: { data: bias, shape: [WORDS] },
};

/** Softmax of each row's logits, in double precision. */
const probabilities = ids.map((_, row) => {
  const logits = Array.from(bias, (offset, word) =>
    Array.from({ length: WIDTH }).reduce(
      (sum: number, _, i) => sum + Number(x[row * WIDTH + i]) * Number(table[word * WIDTH + i]),
      offset,
    ),
  );
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / total);
});
const error = (row: number, word: number): number =>
  Number(weights[row]) * (Number(probabilities[row]?.[word]) - (ids[row] === word ? 1 : 0));
const loss = ids.reduce(
  (sum, id, row) => sum - Number(weights[row]) * Math.log(Number(probabilities[row]?.[id])),
  0,
);

const close = (found: ArrayLike<number> | undefined, expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(found?.[i]).toBeCloseTo(value, 5);
  });
};

it.each(['onnxruntime', 'tfjs-cpu'] as const)(
  'loss and gradients are those of the formula on %s',
  async (name) => {
    const engine = await startEngine(name);
    const executable = await engine.compile(program(true), { fixedFeeds: {}, fixedResults: {} });
    const found = await executable.run(feeds, {});
    await executable.dispose();
    expect(found['loss']?.[0]).toBeCloseTo(loss, 5);
    const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
    const sum = (length: number, term: (i: number) => number): number =>
      range(length).reduce((a, i) => a + term(i), 0);
    close(
      found[gradientName('x')],
      range(ROWS * WIDTH).map((at) => {
        const [row, i] = [Math.floor(at / WIDTH), at % WIDTH];
        return sum(WORDS, (word) => error(row, word) * Number(table[word * WIDTH + i]));
      }),
    );
    close(
      found[gradientName('table')],
      range(WORDS * WIDTH).map((at) => {
        const [word, i] = [Math.floor(at / WIDTH), at % WIDTH];
        return sum(ROWS, (row) => error(row, word) * Number(x[row * WIDTH + i]));
      }),
    );
    close(
      found[gradientName('bias')],
      range(WORDS).map((word) => sum(ROWS, (row) => error(row, word))),
    );
  },
);

it('the score is the same loss, and the weight of rows that are told', async () => {
  const engine = await startEngine('onnxruntime');
  const executable = await engine.compile(program(false), { fixedFeeds: {}, fixedResults: {} });
  const found = await executable.run(feeds, {});
  await executable.dispose();
  const told = ids.reduce((sum, id, row) => {
    const shares = probabilities[row] ?? [];
    return Math.max(...shares) === shares[id] ? sum + Number(weights[row]) : sum;
  }, 0);
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(1);
  expect(found['loss']?.[0]).toBeCloseTo(loss, 5);
  expect(found['accuracy']?.[0]).toBeCloseTo(told, 5);
});
