/**
 * Runs programs eagerly on a tfjs backend: the slow references `cpu` and `wasm`, and TensorFlow's own library through
 * `tfjs-node` or `tfjs-node-gpu` where its binding has been built.
 *
 * tfjs' engine is one per process: every run makes its backend the current one first.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Bindings, Bound, CompileOptions, Engine, Executable } from './executable.js';
import { differentiate, gradientName, type Program } from './program.js';

/** An engine on the tfjs backend `backend`, which must be registered. */
export function eagerEngine(name: string, backend: string): Engine {
  return {
    name,
    compile: (program, options) => Promise.resolve(executable(program, backend, options)),
  };
}

function executable(program: Program, backend: string, options: CompileOptions): Executable {
  const specs = [...program.inputs, ...program.parameters];
  return {
    async run(feeds, into) {
      if (tf.getBackend() !== backend) await tf.setBackend(backend);
      const all = { ...options.fixedFeeds, ...feeds };
      const targets: Bindings = { ...options.fixedResults, ...into };
      tf.engine().startScope();
      try {
        const tensors = Object.fromEntries(
          specs.map(({ name }) => [name, tensorOf(program, name, all[name])]),
        );
        const { outputs, gradients } = differentiate(program, tensors);
        const results = { ...outputs, ...renamed(gradients) };
        return await collect(results, targets);
      } finally {
        tf.engine().endScope();
      }
    },
    dispose: () => Promise.resolve(),
  };
}

function tensorOf(program: Program, name: string, bound: Bound | undefined): tf.Tensor {
  if (!bound) throw new RangeError(`the program ${program.name} was run without its input ${name}`);
  // A copy: tfjs' cpu backend keeps the array it is given, and flat memory changes under it.
  return tf.tensor(
    bound.data.slice(),
    [...bound.shape],
    bound.data instanceof Int32Array ? 'int32' : 'float32',
  );
}

function renamed(gradients: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [gradientName(name), tensor]));
}

async function collect(
  results: Record<string, tf.Tensor>,
  targets: Bindings,
): Promise<Record<string, Float32Array>> {
  const returned: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(results)) {
    const values = (await tensor.data()) as Float32Array;
    const target = targets[name];
    if (target) target.data.set(values);
    else returned[name] = values;
    tensor.dispose();
  }
  return returned;
}
