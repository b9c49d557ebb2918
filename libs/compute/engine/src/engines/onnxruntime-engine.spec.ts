/** What the engine does beyond running a graph: results lie where they were wanted and nowhere else. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { startEngine, type Program } from '../index.js';

const doubled: Program = {
  name: 'doubled',
  inputs: [{ name: 'x', shape: ['rows', 'columns'], type: 'float32' }],
  parameters: [],
  gradientsOf: [],
  compute: ({ x }) => ({ twice: tf.mul(x!, 2), turned: tf.transpose(x!), sum: tf.sum(x!) }),
};
const OPTIONS = { fixedFeeds: {}, fixedResults: {}, threads: 1 };

it('copies no result that has a place', async () => {
  const shape = [2000, 2000];
  const x = { data: new Float32Array(4e6).fill(1.5), shape };
  const [twice, turned] = [0, 1].map(() => ({ data: new Float32Array(4e6), shape }));
  const executable = await (await startEngine('onnxruntime')).compile(doubled, OPTIONS);
  const before = process.memoryUsage().arrayBuffers;
  const results = await executable.run({ x }, { twice: twice!, turned: turned! });
  // Each of them takes 16 MB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  expect(Object.keys(results)).toEqual(['sum']);
  expect(results['sum']![0]).toBeCloseTo(6e6, -1);
  expect([twice!.data[3_999_999], turned!.data[0]]).toEqual([3, 1.5]);
  await executable.dispose();
});

it('gives results without a place in the shape that the batch has', async () => {
  const executable = await (await startEngine('onnxruntime')).compile(doubled, OPTIONS);
  for (const [rows, columns] of [
    [2, 3],
    [5, 1],
  ] as const) {
    const data = Float32Array.from({ length: rows * columns }, (_, place) => place);
    const { twice, turned, sum } = await executable.run({ x: { data, shape: [rows, columns] } }, {});
    expect([...twice!]).toEqual([...data].map((value) => 2 * value));
    const byColumn = (_: unknown, place: number) => (place % rows) * columns + Math.floor(place / rows);
    expect([...turned!]).toEqual(Array.from(data, byColumn));
    expect([...sum!]).toEqual([data.reduce((total, value) => total + value, 0)]);
  }
  await executable.dispose();
});

it("still gives onnxruntime's own errors", async () => {
  const executable = await (await startEngine('onnxruntime')).compile(doubled, OPTIONS);
  const x = { data: new Float32Array(6), shape: [2, 3] };
  const wrong = { data: new Float32Array(4), shape: [2, 2] };
  await expect(executable.run({ x }, { twice: wrong })).rejects.toThrow(/shape|dimension/i);
  await executable.dispose();
});
