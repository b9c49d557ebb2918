/**
 * Records a program: runs it once on the recording backend, forward and, for its gradients, backward.
 *
 * The table of lowerings is closed: any other kernel of tfjs is an error that names it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@layerwise/errors';
import { withoutDeadNodes, type Graph } from '../graph/graph.js';
import type { Lowering } from '../lowerings/kernels.js';
import { LOWERINGS } from '../lowerings/lowerings.js';
import { differentiate, type Program } from './program.js';
import { RECORDER, RecordingBackend } from './recorder.js';
import { recordedShape, symbolsOf } from '../graph/symbols.js';

/** Registers the backend and its kernels with tfjs once, and gives the backend. */
function recordingBackend(): RecordingBackend {
  const known = tf.findBackend(RECORDER);
  if (known instanceof RecordingBackend) return known;
  const recorder = new RecordingBackend();
  // Priority 0: tfjs must never choose it by itself.
  tf.registerBackend(RECORDER, () => recorder, 0);
  // tfjs passes what its kernel of this name takes; its own types say less than that.
  for (const [kernelName, lowering] of Object.entries(LOWERINGS) as [string, Lowering<string>][]) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) =>
      lowering({ recorder, inputs: inputs as Record<string, tf.TensorInfo>, attributes: attrs ?? {} });
    tf.registerKernel({ kernelName, backendName: RECORDER, kernelFunc });
  }
  return recorder;
}

/**
 * The graph of `program`: its loss, outputs and gradients as functions of its inputs and parameters.
 * @throws InputError naming the kernel when the program uses one that has no lowering.
 */
export async function record(program: Program): Promise<Graph> {
  await tf.ready();
  const recorder = recordingBackend();
  const before = tf.getBackend();
  // Both switches work at once (their backends are there), so no other recording or run comes between them.
  const switched = tf.setBackend(RECORDER);
  tf.engine().startScope();
  try {
    return withoutDeadNodes(recordOn(recorder, program));
  } catch (error) {
    throw namedKernel(error, program.name);
  } finally {
    tf.engine().endScope();
    await Promise.all([switched, tf.setBackend(before)]);
  }
}

function recordOn(recorder: RecordingBackend, program: Program): Graph {
  const tensors = [...program.inputs, ...program.parameters];
  const symbols = symbolsOf(tensors.map((tensor) => tensor.shape));
  recorder.start(symbols);
  const feeds: Record<string, tf.Tensor> = {};
  for (const { name, shape, type } of tensors)
    feeds[name] = recorder.input(name, recordedShape(symbols, shape), type);
  const results = Object.entries(differentiate(program, feeds)).map(([name, tensor]) => ({ name, tensor }));
  const graph = recorder.finish(program.name, results);
  // `differentiate` keeps outputs beyond their scope.
  for (const { tensor } of results) tensor.dispose();
  return graph;
}

/** tfjs' own message names the kernel but not what to do. */
function namedKernel(error: unknown, program: string): unknown {
  const kernel =
    error instanceof Error ? /Kernel '(\w+)' not registered/.exec(error.message)?.[1] : undefined;
  if (kernel === undefined) return error;
  return new InputError(
    `The program ${program} uses the tfjs kernel ${kernel}, which the onnxruntime engine can't record; ` +
      'write it with other operations, add a lowering for it, or choose --engine tfjs-cpu.',
  );
}
