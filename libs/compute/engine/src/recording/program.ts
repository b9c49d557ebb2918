/**
 * A program: a function of named tensors, written once in tfjs operations, that every engine runs.
 *
 * Inputs change from run to run; parameters are what a program may be differentiated by. Sizes that vary
 * (rows, tokens) are named in the shapes and must come as a dimension of their own of some input.
 */
import * as tf from '@tensorflow/tfjs-core';
import '../engines/tfjs.js';
import type { Dimension } from '../graph/symbols.js';

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly type: 'float32' | 'int32';
}

export interface Program {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly parameters: readonly TensorSpec[];
  /** Inputs or parameters (float32) by which `loss` is differentiated; none for a forward pass alone. */
  readonly gradientsOf: readonly string[];
  /** The program's results by name. With gradients, one must be the scalar `loss`. */
  compute(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;
}

/** The name under which an engine gives the gradient of a tensor. */
export function gradientName(tensor: string): string {
  return `gradient:${tensor}`;
}

/**
 * Runs `program` on tfjs' current backend, and differentiates its loss by `program.gradientsOf`: its outputs,
 * and its gradients by `gradientName`.
 */
export function differentiate(
  program: Program,
  feeds: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  if (program.gradientsOf.length === 0) return program.compute(feeds);
  let outputs: Record<string, tf.Tensor> = {};
  const loss = (...variables: tf.Tensor[]): tf.Tensor => {
    const named = program.gradientsOf.map((name, place) => [name, variables[place]!] as const);
    outputs = program.compute({ ...feeds, ...Object.fromEntries(named) });
    for (const tensor of Object.values(outputs)) tf.keep(tensor);
    const scalar = outputs['loss'];
    if (!scalar) throw new RangeError(`the program ${program.name} has gradients and no output named loss`);
    return scalar;
  };
  const variables = program.gradientsOf.map((name) => {
    const tensor = feeds[name];
    if (!tensor)
      throw new RangeError(`the program ${program.name} has no tensor ${name} to differentiate by`);
    return tensor;
  });
  const { value, grads } = tf.valueAndGrads(loss)(variables);
  const gradients = program.gradientsOf.map((name, place) => [gradientName(name), grads[place]!] as const);
  return { ...outputs, loss: value, ...Object.fromEntries(gradients) };
}
