/**
 * The default engine: a program is recorded, written as ONNX and run by onnxruntime.
 *
 * onnxruntime-node reads feeds where they lie and writes preallocated results in place, so parameters and
 * gradients stay in flat memory. But it also copies every result into a new array that nobody needs (version
 * 1.30), of a small encoder's gradients for a quarter of a short step. So all results are preallocated, and a
 * first one that can't be handed to JavaScript (a sequence) ends the handing over, with an error that is
 * expected here, before anything is copied.
 */
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { InputError, makeFolder } from '@layerwise/errors';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Bindings, Bound, CompileOptions, Engine, Executable, StartOptions } from './executable.js';
import type { ElementType, Graph } from '../graph/graph.js';
import { toOnnx } from '../onnx/onnx.js';
import type { Provider } from '../options.js';
import { findVulkan, providerError } from './providers.js';
import { record } from '../recording/record.js';
import { shapeOfOutput, symbolSources } from '../graph/result-sizes.js';

/** @throws InputError when the provider can't start here, or the profile's folder can't be made. */
export async function onnxruntimeEngine({ provider, threads, profile }: StartOptions): Promise<Engine> {
  await startOnnxruntime(provider);
  if (profile !== null) await makeProfileFolder(profile);
  return {
    name: provider === 'cpu' ? 'onnxruntime' : `onnxruntime (${provider})`,
    threads,
    compile: async (program, options) => {
      const prefix = profile === null ? null : join(profile, program.name.replace(/[^A-Za-z0-9.-]+/g, '-'));
      const graph = await record(program);
      // Where results are on another device, they have to be fetched.
      const model = toOnnx(graph, provider === 'cpu' ? END : null);
      const session = await createSession(model, provider, threads, prefix);
      return executable(graph, session, options, profile !== null);
    },
  };
}

async function makeProfileFolder(folder: string): Promise<void> {
  try {
    makeFolder(folder);
    // onnxruntime would say nothing and write nothing.
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new InputError(`The folder ${folder} for profiles can't be written; choose another.`, {
      cause: error,
    });
  }
}

/** @throws InputError when onnxruntime can't start `provider` on this machine. */
export async function startOnnxruntime(provider: Provider): Promise<void> {
  // What it would log to stderr, it throws as well.
  env.logLevel = 'fatal';
  if (provider !== 'cpu') await startProvider(provider);
}

/**
 * A session of a model in memory, or of a file, which may have its weights in other files beside it.
 * @param profile how the file that receives the times of operators begins, when profiling ends; null: nothing
 * is timed
 */
export function createSession(
  model: Uint8Array | string,
  provider: Provider,
  threads: number,
  profile: string | null = null,
): Promise<InferenceSession> {
  const options = {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The pattern is a second block of all activations, beside those that a run of a new shape has left in
    // the arena.
    enableMemPattern: false,
    graphOptimizationLevel: 'all' as const,
    ...(profile !== null && { enableProfiling: true, profileFilePrefix: profile }),
  };
  return typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);
}

/** Starts a session of one operator, so that a provider is refused before anything else has been done. */
async function startProvider(provider: Provider): Promise<void> {
  const compute = ({ x }: Record<string, tf.Tensor>): Record<string, tf.Tensor> => ({ y: tf.neg(x!) });
  const x = { name: 'x', shape: [1], type: 'float32' as const };
  const model = toOnnx(
    await record({ name: 'probe', inputs: [x], parameters: [], gradientsOf: [], compute }),
  );
  try {
    if (provider === 'webgpu') findVulkan();
    await (await createSession(model, provider, 1)).release();
  } catch (error) {
    throw providerError(provider, error);
  }
}

/** The output that ends the handing over of results. */
const END = 'end of results';
/** What onnxruntime-node says when it comes to it; the run is over by then. */
const END_MESSAGE = 'Non tensor type is temporarily not supported.';

function executable(
  graph: Graph,
  session: InferenceSession,
  options: CompileOptions,
  profiled: boolean,
): Executable {
  const fixedFeeds = tensors(options.fixedFeeds);
  const fixedResults = tensors(options.fixedResults);
  const taken = new Set(session.inputNames);
  const isCutShort = session.outputNames.includes(END);
  const sources = symbolSources(graph);
  const outputs = graph.outputs.map((output) => ({
    ...output,
    shapeOf: shapeOfOutput(graph, output, sources),
  }));
  return {
    async run(feeds, into) {
      const fed: Record<string, Tensor> = {};
      for (const name of taken) {
        const bound = feeds[name];
        const tensor = bound ? tensorOf(bound) : fixedFeeds[name];
        if (!tensor) throw new RangeError(`the program ${graph.name} was run without its input ${name}`);
        fed[name] = tensor;
      }
      const fetches: Record<string, Tensor | null> = isCutShort ? { [END]: null } : {};
      const returned: Record<string, Float32Array> = {};
      for (const { name, type, shapeOf } of outputs) {
        const bound = into[name];
        const kept = bound ? tensorOf(bound) : fixedResults[name];
        const result = kept ?? allocated(type, shapeOf(feeds));
        fetches[name] = result;
        if (!kept) returned[name] = result.data as Float32Array;
      }
      try {
        await session.run(fed, fetches);
      } catch (error) {
        if (!isCutShort || !(error instanceof Error) || error.message !== END_MESSAGE) throw error;
      }
      return returned;
    },
    async dispose() {
      if (profiled) session.endProfiling();
      await session.release();
    },
  };
}

function allocated(type: ElementType, shape: readonly number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return tensorOf({ data: type === 'int32' ? new Int32Array(length) : new Float32Array(length), shape });
}

function tensors(bindings: Bindings): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(bindings).map(([name, bound]) => [name, tensorOf(bound)]));
}

export function tensorOf({ data, shape }: Bound): Tensor {
  return data instanceof Int32Array ? new Tensor('int32', data, shape) : new Tensor('float32', data, shape);
}
