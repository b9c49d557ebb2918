// The masked-language model with a teacher against PyTorch's numbers (tools/reference/taught.py).
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gradientName, type EngineName } from '@layerwise/engine';
import { describe, expect, it } from 'vitest';
import {
  compiled,
  configOf,
  packed,
  relativeError,
  weightsOf,
  type Weights,
} from '../../test/packed-bert.js';
import { maskedBindings, maskedLanguageHead } from './masked-language.js';
import { taughtLanguageProgram, teacherBindings, teacherProjection } from './taught-language.js';

interface Reference {
  readonly teacher: number;
  readonly similarity: number;
  readonly ids: number[][];
  /** Text, place, right token. */
  readonly told: [number, number, number][];
  readonly head: Readonly<Record<string, number[]>>;
  readonly projection: { readonly weight: number[]; readonly bias: number[] };
  readonly vectors: number[];
  readonly loss: number;
  readonly masked: number;
  readonly cosine: number;
  readonly gradients: Readonly<Record<string, number[]>>;
}
const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/taught.json'), 'utf8'),
) as Reference;

const config = configOf(4);
const { ids, told, vectors } = reference;
const size = vectors.length / ids.length;
const batch = packed(ids.map((text) => ({ ids: text, types: text.map(() => 0) })));

const headWeights = maskedLanguageHead(config).tensors.map(({ name, shape }) => [
  name,
  { data: Float32Array.from(reference.head[name]!), shape },
]);
const [projection, offset] = teacherProjection(config, size).tensors;
const weights = {
  ...Object.fromEntries(Object.entries(weightsOf(config, 1)).filter(([name]) => !name.startsWith('head.'))),
  ...Object.fromEntries(headWeights),
  [projection!.name]: { data: Float32Array.from(reference.projection.weight), shape: projection!.shape },
  [offset!.name]: { data: Float32Array.from(reference.projection.bias), shape: offset!.shape },
} as Weights;

/** First rows, which tell nothing, then the rows that tell a token. */
function feeds() {
  const rowOf = (text: number, place: number): number => batch.rowAt[place * ids.length + text]!;
  const rows = [...ids.keys(), ...told.map(([text, place]) => rowOf(text, place))];
  const right = [...ids.map(() => 0), ...told.map(([, , id]) => id)];
  const counts = Float32Array.from(rows, (_, i) => (i < ids.length ? 0 : 1 / told.length));
  return {
    ...maskedBindings(rows, right, batch.tokens, config.vocabularySize, counts),
    ...teacherBindings(Float32Array.from(vectors), ids.length, rows.length),
  };
}

describe.each<EngineName>(['onnxruntime', 'tfjs-wasm'])('a taught masked-language model on %s', (engine) => {
  it('has the loss and the gradients of PyTorch', async () => {
    const program = taughtLanguageProgram(config, size, reference);
    const { run, dispose } = await compiled(engine, program, weights);
    const found = await run(batch, feeds());
    expect(found['loss']![0]! / reference.loss).toBeCloseTo(1, 6);
    expect(found['cosine']![0]).toBeCloseTo(reference.cosine, 6);
    for (const [name, expected] of Object.entries(reference.gradients))
      expect(relativeError(found[gradientName(name)]!, expected), name).toBeLessThan(1e-5);
    await dispose();
  });
});

it('a teacher that counts nothing leaves the masked loss', async () => {
  const program = taughtLanguageProgram(config, size, { teacher: 0, similarity: 0 });
  const { run, dispose } = await compiled('onnxruntime', program, weights);
  const found = await run(batch, feeds());
  expect(found['loss']![0]! / reference.masked).toBeCloseTo(1, 6);
  expect(found[gradientName(projection!.name)]!.every((value) => value === 0)).toBe(true);
  await dispose();
});
