import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { classifier, programOf } from '../../test/programs.js';
import type { Program } from './program.js';
import { record } from './record.js';
import { RECORDER } from './recorder.js';

describe('recording', () => {
  it('restores the former backend, also after an error', async () => {
    await tf.setBackend('cpu');
    await record(classifier);
    expect(tf.getBackend()).toBe('cpu');
    await expect(record(programOf((x) => tf.cumsum(x)))).rejects.toThrow();
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  });

  it('leaves no tensors behind', async () => {
    await record(classifier);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) await record(classifier);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same graph each time, also of programs recorded at once', async () => {
    const first = await record(classifier);
    const small = programOf((x) => tf.tanh(x));
    const [again, other, third] = await Promise.all([record(classifier), record(small), record(classifier)]);
    expect(again).toEqual(first);
    expect(third).toEqual(first);
    expect(other.nodes.map(({ operator }) => operator)).toEqual(['Tanh', 'Identity']);
  });

  it('takes tensors from outside as constants, each time', async () => {
    const outside = tf.tensor1d([1, 2, 3]);
    const program = programOf((x) => tf.mul(tf.tanh(tf.add(x, 7)), outside));
    const first = await record(program);
    expect(first.constants.map(({ values }) => [...values])).toEqual([[7], [1, 2, 3]]);
    expect(await record(program)).toEqual(first);
    expect([...outside.dataSync()]).toEqual([1, 2, 3]);
    outside.dispose();
  });

  it('is never chosen by tfjs itself', async () => {
    await record(classifier);
    tf.engine().reset();
    await tf.ready();
    expect(tf.getBackend()).not.toBe(RECORDER);
    await expect(record(classifier)).resolves.toBeDefined();
  });
});

describe('a program that can not be recorded', () => {
  it.each([
    ['Cumsum', (x: tf.Tensor2D) => tf.cumsum(x)],
    ['Sin', (x: tf.Tensor2D) => tf.sin(x)],
  ])('is refused by a sentence that names the kernel %s', async (kernel, compute) => {
    const refusal = record(programOf(compute));
    await expect(refusal).rejects.toThrow(InputError);
    await expect(refusal).rejects.toThrow(
      `The program small uses the tfjs kernel ${kernel}, which the onnxruntime engine can't record; ` +
        'write it with other operations, add a lowering for it, or choose --engine tfjs-cpu.',
    );
  });

  it('reads a value', async () => {
    const peek = programOf((x) => tf.mul(x, x.dataSync()[0]!));
    await expect(record(peek)).rejects.toThrow(
      'a value was read while recording: a recorded function may not look at results',
    );
  });

  it('hides a symbolic size in a number', async () => {
    const sentence = (number: string): RegExp =>
      new RegExp(
        `the constant ${number} was computed from the symbolic size rows; feed it as an input instead`,
      );
    await expect(record(programOf((x) => tf.mean(x, 0), true))).rejects.toThrow(sentence('100003'));
    await expect(record(programOf((x) => tf.div(x, x.shape[0])))).rejects.toThrow(sentence('100003'));
    await expect(record(programOf((x) => tf.mul(x, 1 / x.shape[0])))).rejects.toThrow(
      sentence('0.0000099.*'),
    );
  });

  it('takes a part of a symbolic size', async () => {
    const sentence =
      /the size \d+ was computed from the symbolic size rows by adding; only its multiples can be recorded/;
    await expect(record(programOf((x) => tf.slice(x, [1, 0])))).rejects.toThrow(sentence);
    await expect(
      record(
        programOf((x) =>
          tf.pad(x, [
            [1, 1],
            [0, 0],
          ]),
        ),
      ),
    ).rejects.toThrow(sentence);
    // Its gradient would be padded to the size of the recording.
    await expect(record(programOf((x) => tf.slice(x, [0, 0], [1, 3]), true))).rejects.toThrow(sentence);
  });

  it('has a symbolic size that no input has as a dimension of its own', async () => {
    const program: Program = {
      name: 'products',
      inputs: [{ name: 'x', shape: ['rows*length', 3], type: 'float32' }],
      parameters: [],
      gradientsOf: [],
      compute: ({ x }) => ({ y: tf.add(x!, tf.fill(x!.shape, 2)) }),
    };
    await expect(record(program)).rejects.toThrow('no input has the size rows as a dimension of its own');
  });

  it('has gradients and no loss, or gradients of nothing', async () => {
    const lossless = { ...programOf((x) => tf.tanh(x)), gradientsOf: ['x'] };
    await expect(record(lossless)).rejects.toThrow(
      'the program small has gradients and no output named loss',
    );
    const nothing = { ...programOf((x) => tf.tanh(x), true), gradientsOf: ['z'] };
    await expect(record(nothing)).rejects.toThrow('the program small has no tensor z to differentiate by');
  });
});
