/** What every engine's executables must do, whichever engine it is; `engines.spec.ts` runs it. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Engine } from '../src/index.js';
import { classifier, classifierBatch, classifierParameters, programOf } from './programs.js';

export function executablesOf(start: () => Promise<Engine>): void {
  const compile = async (fixedResults = {}) =>
    (await start()).compile(classifier, { fixedFeeds: classifierParameters, fixedResults });

  it('reads fixed feeds as they are at each run, and writes fixed results in place', async () => {
    const weight = { data: Float32Array.from(classifierParameters['weight']!.data), shape: [2, 3] };
    const gradient = { data: new Float32Array(6), shape: [2, 3] };
    const executable = await (
      await start()
    ).compile(classifier, {
      fixedFeeds: { ...classifierParameters, weight },
      fixedResults: { 'gradient:weight': gradient },
    });
    const first = await executable.run(classifierBatch(4), {});
    expect(Object.keys(first).sort()).toEqual(['gradient:bias', 'logits', 'loss']);
    const before = [...gradient.data];
    expect(before.some((value) => value !== 0)).toBe(true);

    // A step down the gradient, in place, lowers the loss.
    weight.data.forEach((value, i) => (weight.data[i] = value - 0.1 * before[i]!));
    const second = await executable.run(classifierBatch(4), {});
    expect(second['loss']![0]).toBeLessThan(first['loss']![0]!);
    expect([...gradient.data]).not.toEqual(before);
    await executable.dispose();
  });

  it('gives the same bits for the same feeds, and writes named results where it is told', async () => {
    const executable = await compile();
    const first = await executable.run(classifierBatch(5), {});
    const logits = { data: new Float32Array(10), shape: [5, 2] };
    const second = await executable.run(classifierBatch(5), { logits });
    expect(second).not.toHaveProperty('logits');
    expect(logits.data).toEqual(first['logits']);
    expect(second['gradient:weight']).toEqual(first['gradient:weight']);
    await executable.dispose();
  });

  it('does not keep what it returned', async () => {
    const executable = await compile();
    const first = await executable.run(classifierBatch(4), {});
    const kept = first['logits']!.slice();
    await executable.run(classifierBatch(6), {});
    expect(first['logits']).toEqual(kept);
    await executable.dispose();
  });

  it('does not give back the memory that it was fed', async () => {
    const executable = await (
      await start()
    ).compile(
      programOf((x) => tf.reshape(x, [-1])),
      { fixedFeeds: {}, fixedResults: {} },
    );
    const x = { data: Float32Array.of(1, 2, 3), shape: [1, 3] };
    const { y } = await executable.run({ x }, {});
    x.data.fill(0);
    expect([...y!]).toEqual([1, 2, 3]);
    await executable.dispose();
  });

  it('runs side by side with another', async () => {
    const [one, other] = await Promise.all([compile(), compile()]);
    const alone = await one.run(classifierBatch(3), {});
    const [a, b] = await Promise.all([one.run(classifierBatch(3), {}), other.run(classifierBatch(3), {})]);
    expect(a).toEqual(alone);
    expect(b).toEqual(alone);
    await Promise.all([one.dispose(), other.dispose()]);
  });

  it('leaves no tensors behind over repeated runs', async () => {
    const executable = await compile();
    await executable.run(classifierBatch(4), {});
    const before = tf.memory().numTensors;
    for (let rows = 1; rows < 12; rows++) await executable.run(classifierBatch(rows), {});
    expect(tf.memory().numTensors).toBe(before);
    await executable.dispose();
  });

  it('names an input that is missing', async () => {
    const executable = await compile();
    await expect(executable.run({ x: classifierBatch(2)['x']! }, {})).rejects.toThrow(
      'the program classifier was run without its input targets',
    );
    await executable.dispose();
  });

  it('can not be run after it was disposed', async () => {
    const executable = await compile();
    await executable.dispose();
    await expect(executable.run(classifierBatch(2), {})).rejects.toThrow(/disposed/);
  });

  it('gives a zero gradient where the loss does not depend on a tensor', async () => {
    const engine = await start();
    const program = programOf((x) => tf.sum(x), true);
    const shared = { name: 'unused', shape: ['rows', 2], type: 'float32' as const };
    const loose = {
      ...program,
      inputs: [...program.inputs, shared],
      gradientsOf: ['x', 'unused'],
      // tfjs differentiates by what the loss is computed from: times zero, it is.
      compute: (tensors: Readonly<Record<string, tf.Tensor>>) => ({
        loss: tf.add(tf.sum(tensors['x']!), tf.mul(tf.sum(tensors['unused']!), 0)),
      }),
    };
    const executable = await engine.compile(loose, { fixedFeeds: {}, fixedResults: {} });
    const feeds = {
      x: { data: new Float32Array(6).fill(2), shape: [2, 3] },
      unused: { data: new Float32Array(4).fill(5), shape: [2, 2] },
    };
    const results = await executable.run(feeds, {});
    expect([...results['gradient:x']!]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...results['gradient:unused']!].map(Math.abs)).toEqual([0, 0, 0, 0]);
    await executable.dispose();
  });
}
