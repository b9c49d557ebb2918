// Pooled vectors against the padded BERT of tfjs' own operations (test/padded-bert.ts).
import { startEngine, type EngineName } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { compiled, configOf, packed, relativeError, textsOf, weightsOf } from '../../test/packed-bert.js';
import { paddedEncoder, type Text } from '../../test/padded-bert.js';
import { POOLINGS, type Pooling } from '../options.js';
import { embeddingProgram } from './embedding-program.js';

const config = configOf(2);
const weights = weightsOf(config, 2);

/** One text at a time, so that there is no padding: its first state, or the mean of all. */
async function expected(texts: readonly Text[], pooling: Pooling): Promise<number[]> {
  await startEngine('tfjs-cpu');
  return texts.flatMap((text) =>
    tf.tidy(() => {
      const tensors = Object.entries(weights).map(([name, weight]): [string, tf.Tensor] => [
        name,
        tf.tensor(weight.data, [...weight.shape]),
      ]);
      const { hidden } = paddedEncoder(config, Object.fromEntries(tensors), [text]);
      const states = tf.reshape<tf.Rank.R2>(hidden.at(-1)!, [-1, config.hiddenSize]); // [t, h]
      const vector = pooling === 'cls' ? tf.slice(states, [0, 0], [1, -1]) : tf.mean(states, 0);
      return [...vector.dataSync()];
    }),
  );
}

const ENGINES: readonly EngineName[] = ['onnxruntime', 'tfjs-cpu'];

it.each(ENGINES.flatMap((engine) => POOLINGS.map((pooling) => [engine, pooling] as const)))(
  'on %s, %s pooling of ragged texts is that of each text alone',
  async (engine, pooling) => {
    const program = embeddingProgram(config, pooling);
    expect(program.gradientsOf).toEqual([]);
    const executable = await compiled(engine, program, weights);
    for (const lengths of [[7, 3, 12, 5], [1, 4], [9]]) {
      const texts = textsOf(lengths);
      const { vectors } = await executable.run(packed(texts));
      expect(relativeError(vectors!, await expected(texts, pooling))).toBeLessThan(1e-5);
    }
    await executable.dispose();
  },
);
