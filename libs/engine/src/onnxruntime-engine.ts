/**
 * The default engine: a program is recorded, written as ONNX and run by onnxruntime.
 *
 * onnxruntime-node reads feeds where they lie and writes preallocated results in place, so parameters and
 * gradients stay in flat memory. It also copies every result once more (version 1.30): keep big things off the outputs.
 */
import { InputError } from '@layerwise/errors';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Bindings, Bound, CompileOptions, Engine, Executable } from './executable.js';
import { toOnnx } from './onnx.js';
import type { Program } from './program.js';
import { record } from './record.js';

/** Where onnxruntime computes. Only `cpu` comes with the package on every machine. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;
export type Provider = (typeof PROVIDERS)[number];

const PROVIDER_HINTS: Record<Provider, string> = {
  cpu: 'reinstall onnxruntime-node',
  webgpu: 'it needs a graphics driver with Vulkan, Metal or Direct3D 12',
  cuda: "it needs an NVIDIA driver and onnxruntime-node's CUDA libraries (its install script with onnxruntime-node-install=cuda12)",
};

export function onnxruntimeEngine(provider: Provider): Engine {
  return {
    name: provider === 'cpu' ? 'onnxruntime' : `onnxruntime (${provider})`,
    compile: async (program, options) =>
      executable(program, await createSession(program, provider, options.threads), options),
  };
}

async function createSession(
  program: Program,
  provider: Provider,
  threads: number,
): Promise<InferenceSession> {
  const model = toOnnx(await record(program));
  try {
    return await InferenceSession.create(model, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (error) {
    if (provider === 'cpu') throw error;
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new InputError(
      `onnxruntime can't start its provider ${provider} here (${String(reason)}); ${PROVIDER_HINTS[provider]}, or leave --provider out.`,
    );
  }
}

function executable(program: Program, session: InferenceSession, options: CompileOptions): Executable {
  const fixedFeeds = tensors(options.fixedFeeds);
  const fixedResults = tensors(options.fixedResults);
  const taken = new Set(session.inputNames);
  const wanted = session.outputNames;
  return {
    async run(feeds, into) {
      const given: Record<string, Tensor> = {};
      for (const name of taken) {
        const bound = feeds[name];
        const tensor = bound ? tensorOf(bound) : fixedFeeds[name];
        if (!tensor) throw new RangeError(`the program ${program.name} was run without its input ${name}`);
        given[name] = tensor;
      }
      const fetches: Record<string, Tensor | null> = {};
      const returned: string[] = [];
      for (const name of wanted) {
        const bound = into[name];
        fetches[name] = bound ? tensorOf(bound) : (fixedResults[name] ?? null);
        if (fetches[name] === null) returned.push(name);
      }
      const results = await session.run(given, fetches);
      return Object.fromEntries(returned.map((name) => [name, results[name]?.data as Float32Array]));
    },
    dispose: () => session.release(),
  };
}

function tensors(bindings: Bindings): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(bindings).map(([name, bound]) => [name, tensorOf(bound)]));
}

function tensorOf({ data, shape }: Bound): Tensor {
  return data instanceof Int32Array ? new Tensor('int32', data, shape) : new Tensor('float32', data, shape);
}
