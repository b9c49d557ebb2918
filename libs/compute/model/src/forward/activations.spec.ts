// Every activation name that a config may give, against the function that transformers has under that name.
import { readFileSync } from 'node:fs';
import { ACTIVATIONS, startEngine } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { ACTIVATION_OF_NAME } from '../config/config-fields.js';

interface Reference {
  readonly points: readonly number[];
  readonly functions: Readonly<Record<string, { readonly values: readonly number[] }>>;
}
// tools/reference/activations.py makes it.
const file = new URL('../../../engine/fixtures/activations.json', import.meta.url);
const { points, functions } = JSON.parse(readFileSync(file, 'utf8')) as Reference;

beforeAll(async () => {
  await startEngine('tfjs-cpu');
});

it('has numbers for every name', () => {
  expect(Object.keys(functions).sort()).toEqual(Object.keys(ACTIVATION_OF_NAME).sort());
});

it.each(Object.entries(functions))('%s', (name, { values }) => {
  const found = ACTIVATIONS[ACTIVATION_OF_NAME[name]!](
    tf.tensor2d([...points], [points.length, 1]),
  ).dataSync();
  values.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `${name}(${String(points[i])})`).toBeLessThan(
      5e-6 * Math.max(1, Math.abs(value)),
    );
  });
});
