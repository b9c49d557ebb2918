/** An ONNX file that somebody else wrote, run as it is. Our own models are programs (`program.ts`). */
import { existsSync } from 'node:fs';
import { InputError } from '@layerwise/errors';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Bindings, Bound } from '../engines/executable.js';
import { createSession, startOnnxruntime, tensorOf } from '../engines/onnxruntime-engine.js';
import type { Provider } from '../options.js';
import { providerReason } from '../engines/providers.js';

/** An input or output: element type (`float32`, `int64`, …) and shape, where a varying size has a name. */
export interface OnnxPort {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /**
   * Runs it once for the float32 outputs in `wanted`. Int32 feeds go to int64 inputs as such.
   * @throws InputError when the model fails on these feeds.
   */
  run(feeds: Bindings, wanted: readonly string[]): Promise<Record<string, Bound & { data: Float32Array }>>;
  dispose(): Promise<void>;
}

export interface OnnxModelOptions {
  readonly provider: Provider;
  readonly threads: number;
}

/** @throws InputError when the file is missing or no model for onnxruntime, or the provider can't start. */
export async function openOnnxModel(
  file: string,
  { provider, threads }: OnnxModelOptions,
): Promise<OnnxModel> {
  if (!existsSync(file)) throw new InputError(`There is no file ${file}.`);
  await startOnnxruntime(provider);
  let session: InferenceSession;
  try {
    session = await createSession(file, provider, threads);
  } catch (error) {
    throw new InputError(`${file} is no model that onnxruntime can run (${reasonOf(error)}).`);
  }
  const inputs = session.inputMetadata.map(portOf);
  const outputs = session.outputMetadata.map(portOf);
  return {
    inputs,
    outputs,
    async run(feeds, wanted) {
      const fed = Object.fromEntries(
        inputs.map(({ name, type }) => {
          const bound = feeds[name];
          if (!bound) throw new RangeError(`${file} was run without its input ${name}`);
          return [name, feedOf(bound, type)];
        }),
      );
      let results: InferenceSession.OnnxValueMapType;
      try {
        results = await session.run(fed, [...wanted]);
      } catch (error) {
        throw new InputError(`${file} cannot run (${reasonOf(error)}).`);
      }
      return Object.fromEntries(wanted.map((name) => [name, floatsOf(file, name, results[name])]));
    },
    dispose: () => session.release(),
  };
}

function portOf(metadata: InferenceSession.ValueMetadata): OnnxPort {
  if (!metadata.isTensor) return { name: metadata.name, type: 'no tensor', shape: [] };
  return { name: metadata.name, type: metadata.type, shape: metadata.shape };
}

function feedOf(bound: Bound, type: string): Tensor {
  const { data, shape } = bound;
  return type === 'int64' && data instanceof Int32Array
    ? new Tensor('int64', BigInt64Array.from(data, BigInt), shape)
    : tensorOf(bound);
}

function floatsOf(file: string, name: string, value: unknown): Bound & { data: Float32Array } {
  if (value instanceof Tensor && value.data instanceof Float32Array)
    return { data: value.data, shape: value.dims };
  throw new InputError(
    `${file}: its output ${name} is not of float32; export the model with float32 outputs.`,
  );
}

/** onnxruntime's message in one line and without paths, its source's and the file's. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return providerReason(message.replace(/^Load model from .*? failed:/, '').trim());
}
