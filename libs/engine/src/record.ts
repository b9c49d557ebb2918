/**
 * Records a program: runs it once on the recording backend, forward and, for its gradients, backward.
 *
 * The table of lowerings is closed: any other kernel of tfjs is an error that names it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@layerwise/errors';
import { withoutDeadNodes, type Graph } from './graph.js';
import { ELEMENTWISE } from './lowerings/elementwise.js';
import type { KernelCall, Lowering } from './lowerings/lowering.js';
import { PRODUCTS } from './lowerings/products.js';
import { REDUCTIONS } from './lowerings/reductions.js';
import { SHAPES } from './lowerings/shapes.js';
import { differentiate, gradientName, type Program } from './program.js';
import { RECORDER, RecordingBackend } from './recorder.js';
import { recordedShape, symbolsOf } from './symbols.js';

/** Every kernel that can be recorded. */
export const LOWERINGS: Readonly<Record<string, Lowering>> = { ...ELEMENTWISE, ...PRODUCTS, ...REDUCTIONS, ...SHAPES };

/** Registers the backend and its kernels with tfjs once, and gives the backend. */
function recordingBackend(): RecordingBackend {
  const known = tf.findBackend(RECORDER);
  if (known instanceof RecordingBackend) return known;
  tf.registerBackend(RECORDER, () => new RecordingBackend());
  for (const [kernelName, lowering] of Object.entries(LOWERINGS)) {
    tf.registerKernel({
      kernelName,
      backendName: RECORDER,
      kernelFunc: ({ inputs, attrs, backend }) =>
        lowering({
          recorder: backend as RecordingBackend,
          inputs: inputs as KernelCall['inputs'],
          attributes: (attrs ?? {}) as KernelCall['attributes'],
        }),
    });
  }
  return tf.findBackend(RECORDER) as RecordingBackend;
}

/**
 * The graph of `program`: its loss, outputs and gradients as functions of its inputs and parameters.
 * @throws InputError naming the kernel when the program uses one that has no lowering.
 */
export async function record(program: Program): Promise<Graph> {
  const before = tf.engine().registryFactory[tf.getBackend()] ? tf.getBackend() : null;
  const recorder = recordingBackend();
  await tf.setBackend(RECORDER);
  try {
    const tensors = [...program.inputs, ...program.parameters];
    const symbols = symbolsOf(tensors.map((tensor) => tensor.shape));
    recorder.start(symbols);
    const feeds: Record<string, tf.Tensor> = {};
    for (const { name, shape, type } of tensors) feeds[name] = recorder.input(name, recordedShape(symbols, shape), type);
    const { outputs, gradients } = differentiate(program, feeds);
    const results = [
      ...Object.entries(outputs).map(([name, tensor]) => ({ name, tensor })),
      ...Object.entries(gradients).map(([name, tensor]) => ({ name: gradientName(name), tensor })),
    ];
    return withoutDeadNodes(recorder.finish(program.name, results));
  } catch (error) {
    throw namedKernel(error, program.name);
  } finally {
    if (before !== null && before !== RECORDER) await tf.setBackend(before);
  }
}

/** tfjs' own message names the kernel but not what to do. */
function namedKernel(error: unknown, program: string): unknown {
  const kernel = error instanceof Error ? /Kernel '(\w+)' not registered/.exec(error.message)?.[1] : undefined;
  if (kernel === undefined) return error;
  return new InputError(
    `The program ${program} uses the tfjs kernel ${kernel}, which the onnxruntime engine can't record; ` +
      'write it with other operations, add a lowering for it, or choose --engine tfjs-cpu.',
  );
}
