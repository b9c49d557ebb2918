import { writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import { openOnnxModel, record, toOnnx, type Program } from '../index.js';

const folder = mkdtempSync(join(tmpdir(), 'layerwise-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));
const options = { provider: 'cpu', threads: 1 } as const;

/** y = table[rows] + x, and its double. */
const program: Program = {
  name: 'lookup',
  inputs: [
    { name: 'rows', shape: ['n'], type: 'int32' },
    { name: 'x', shape: ['n', 2], type: 'float32' },
    { name: 'table', shape: [3, 2], type: 'float32' },
  ],
  parameters: [],
  gradientsOf: [],
  compute: ({ rows, x, table }): Record<string, tf.Tensor> => {
    const y = tf.add(tf.gather(table!, rows as tf.Tensor1D), x!);
    return { y, doubled: tf.add(y, y) };
  },
};

async function write(name: string): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, toOnnx(await record(program)));
  return file;
}

it('runs a file for the outputs that are wanted, and says what it takes and gives', async () => {
  const model = await openOnnxModel(await write('lookup.onnx'), options);
  expect(model.inputs.map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
    'rows int32',
    'table float32',
    'x float32',
  ]);
  expect(model.inputs.find(({ name }) => name === 'x')?.shape).toEqual(['n', 2]);
  expect(model.outputs.map(({ name }) => name)).toEqual(['y', 'doubled']);
  const table = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] };
  const results = await model.run(
    {
      table,
      rows: { data: Int32Array.of(2, 0), shape: [2] },
      x: { data: Float32Array.of(0.5, 0, 0, 1), shape: [2, 2] },
    },
    ['doubled'],
  );
  expect(Object.keys(results)).toEqual(['doubled']);
  expect(results['doubled']).toEqual({ data: Float32Array.of(11, 12, 2, 6), shape: [2, 2] });
  await model.dispose();
});

it('refuses a file that is none, and feeds that do not fit, with a sentence', async () => {
  await expect(openOnnxModel(join(folder, 'none.onnx'), options)).rejects.toThrow(/^There is no file /);
  const broken = join(folder, 'broken.onnx');
  writeFileSync(broken, 'not a model');
  const refusal = await openOnnxModel(broken, options).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InputError);
  expect((refusal as Error).message).toMatch(
    /broken\.onnx is no model that onnxruntime can run \([^\n]+\)\.$/,
  );

  const model = await openOnnxModel(await write('again.onnx'), options);
  const table = { data: new Float32Array(6), shape: [3, 2] };
  const rows = { data: Int32Array.of(0), shape: [1] };
  const misfit = model.run({ table, rows, x: { data: new Float32Array(3), shape: [1, 3] } }, ['y']);
  await expect(misfit).rejects.toThrow(InputError);
  await model.dispose();
});
