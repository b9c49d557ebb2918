/**
 * Runs programs eagerly on a tfjs backend: the slow references `cpu` and `wasm`, and TensorFlow's own library
 * through `tfjs-node` or `tfjs-node-gpu` where its binding has been built.
 *
 * tfjs' engine is one per process: every run makes its backend the current one first.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Bindings, Bound, CompileOptions, Engine, Executable } from './executable.js';
import { differentiate, type Program, type TensorSpec } from '../recording/program.js';

/** An engine on the tfjs backend `backend`, which must be registered. */
export function eagerEngine(name: string, backend: string, threads: number): Engine {
  return {
    name,
    threads,
    compile: (program, options) => Promise.resolve(executable(program, backend, options)),
  };
}

function executable(program: Program, backend: string, options: CompileOptions): Executable {
  const specs = [...program.inputs, ...program.parameters];
  let disposed = false;
  return {
    async run(feeds, into) {
      if (disposed) throw new RangeError(`the program ${program.name} was run after it was disposed`);
      // At once, because the backend is there: no other run or recording comes between this and the
      // computation.
      const switched = tf.setBackend(backend);
      const results = compute(program, specs, { ...options.fixedFeeds, ...feeds });
      await switched;
      return collect(results, { ...options.fixedResults, ...into });
    },
    dispose: () => {
      disposed = true;
      return Promise.resolve();
    },
  };
}

/** Outputs and gradients by name; every other tensor is disposed. */
function compute(program: Program, specs: readonly TensorSpec[], feeds: Bindings): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const tensors = Object.fromEntries(specs.map(({ name }) => [name, tensorOf(program, name, feeds[name])]));
    return differentiate(program, tensors);
  });
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
