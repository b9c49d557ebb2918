// A file of its own, because vitest gives each file a process: what is measured here is resident memory.
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { denseHead, meanTargets, trainingProgram } from '../src/index.js';
import { compiled, configOf, packed, textsOf, weightsOf } from './packed-bert.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const WARM_UP = 10;
const CYCLES = 20;
/** Beyond noise (3 MiB): 20 executables that are not disposed hold some 30 MiB. */
const BOUND_MB = 10;

const residentMb = (): number => {
  collectGarbage();
  return memoryUsage.rss() / 2 ** 20;
};

it('memory does not grow over compiling, running and disposing again and again', async () => {
  const config = configOf(2);
  const program = trainingProgram({ config, head: denseHead('head', config.hiddenSize, 3), labels: 3 }, []);
  const weights = weightsOf(config, 3);
  const texts = textsOf([20, 12, 24, 7]);
  const targets = { data: meanTargets([0, 1, 2, 0], 3), shape: [4, 3] };
  // Held, so that what is freed was freed by disposing and not by the garbage collector.
  const kept: unknown[] = [];
  const sizes: number[] = [];
  for (let cycle = 0; cycle < WARM_UP + CYCLES; cycle++) {
    const executable = await compiled('onnxruntime', program, weights);
    await executable.run(packed(texts), { targets });
    await executable.dispose();
    kept.push(executable);
    sizes.push(residentMb());
  }
  expect(tf.memory().numTensors).toBe(0);
  expect(sizes.at(-1)! - sizes[WARM_UP - 1]!).toBeLessThan(BOUND_MB);
});
