/**
 * The case table covers the table of lowerings: each kernel has cases, and each case really calls its kernel.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as engine from '../../src/index.js';
import { LOWERINGS } from '../../src/lowerings/lowerings.js';
import { record } from '../../src/recording/record.js';
import { RECORDER } from '../../src/recording/recorder.js';
import { caseProgram } from './case.js';
import { KERNEL_CASES } from './kernel-cases.js';
import { OPERATION_CASES } from './operation-cases.js';
import { ALL_CASES } from './suite.js';

/** Kernels called since the last `clear`. */
const called = new Set<string>();

beforeAll(async () => {
  await record(caseProgram(OPERATION_CASES[0]!)); // registers the kernels
  for (const kernel of tf.getKernelsForBackend(RECORDER)) {
    tf.unregisterKernel(kernel.kernelName, RECORDER);
    const kernelFunc: tf.KernelFunc = (call) => {
      called.add(kernel.kernelName);
      return kernel.kernelFunc(call);
    };
    tf.registerKernel({ ...kernel, kernelFunc });
  }
});

describe('the case table', () => {
  it('has every kernel that can be recorded, and no other', () => {
    expect(Object.keys(KERNEL_CASES).sort()).toEqual(Object.keys(LOWERINGS).sort());
  });

  it.each(Object.entries(KERNEL_CASES))('calls %s in each of its cases', async (kernel, cases) => {
    expect(cases.length).toBeGreaterThan(0);
    for (const testCase of cases) {
      called.clear();
      await record(caseProgram(testCase));
      expect(called, testCase.name).toContain(kernel);
    }
  });

  it('has every operation that the engine exports', () => {
    const operations = [
      'crossEntropy',
      'geluLayers',
      'headProduct',
      'layerNorm',
      'linear',
      'recomputed',
      'timeMajor',
    ];
    const functions = Object.keys(engine.ACTIVATIONS).map((name) => `activation ${name}`);
    const names = OPERATION_CASES.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...operations, ...functions]));
    for (const operation of operations) expect(engine).toHaveProperty(operation);
  });

  it('names every case once', () => {
    const names = ALL_CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
