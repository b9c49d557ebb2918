import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession } from 'onnxruntime-node';
import { expect, it, onTestFinished } from 'vitest';
import { classifier } from '../../test/programs.js';
import { toOnnx } from './onnx.js';
import { AttributeProto_AttributeType as AttributeType, ModelProtoSchema } from './onnx_pb.js';
import { record } from '../recording/record.js';

it('an ONNX file parses back to the recorded graph', async () => {
  const recorded = await record(classifier);
  const model = fromBinary(ModelProtoSchema, toOnnx(recorded));
  expect(model.irVersion).toBe(8n);
  expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
    ['', 17n],
    ['com.microsoft', 1n],
  ]);
  const { graph } = model;
  expect(graph?.name).toBe('classifier');
  expect(graph?.node.map(({ opType, input, output, domain }) => [opType, input, output, domain])).toEqual(
    recorded.nodes.map(({ operator, inputs, outputs }) => [operator, inputs, outputs, '']),
  );
  expect(graph?.initializer.map(({ name, dims }) => [name, dims.map(Number)])).toEqual(
    recorded.constants.map(({ name, shape }) => [name, shape]),
  );
  const sizes = (at: 'input' | 'output') =>
    graph?.[at].map(({ name, type }) => [name, type?.tensorType?.shape?.dim.map(({ value }) => value.value)]);
  expect(sizes('input')).toEqual([
    ['x', ['rows', 3n]],
    ['targets', ['rows', 2n]],
    ['weight', [2n, 3n]],
    ['bias', [2n]],
  ]);
  expect(sizes('output')).toEqual([
    ['loss', []],
    ['logits', ['rows', 2n]],
    ['gradient:weight', [2n, 3n]],
    ['gradient:bias', [2n]],
  ]);
});

it('attributes and constants of every type come back', async () => {
  const recorded = await record({
    name: 'attributes',
    inputs: [{ name: 'x', shape: ['n', 'm', 4], type: 'float32' }],
    parameters: [],
    gradientsOf: [],
    compute: ({ x }) => ({
      // A transposition has a list of numbers, an ordinary product of ranks above 2 a number.
      y: tf.matMul(tf.transpose(x!, [1, 0, 2]), tf.tensor3d([1, 2, 3, 4.5], [1, 1, 4]), false, true),
      whole: tf.add(tf.cast(x!, 'int32'), tf.scalar(-7, 'int32')),
    }),
  });
  const { graph } = fromBinary(ModelProtoSchema, toOnnx(recorded));
  const attributes = graph!.node.flatMap(({ attribute }) => attribute);
  expect(attributes.find(({ name }) => name === 'perm')).toMatchObject({
    type: AttributeType.INTS,
    ints: [1n, 0n, 2n],
  });
  expect(attributes.find(({ name }) => name === 'transB')).toMatchObject({ type: AttributeType.INT, i: 1n });
  const [floats, whole] = [1, 6].map((type) => graph!.initializer.find(({ dataType }) => dataType === type)!);
  expect([...new Float32Array(floats!.rawData.slice().buffer)]).toEqual([1, 2, 3, 4.5]);
  expect([...new Int32Array(whole!.rawData.slice().buffer)]).toEqual([-7]);
});

it('another reader of ONNX takes the bytes', async () => {
  const session = await InferenceSession.create(toOnnx(await record(classifier)));
  expect([...session.inputNames]).toEqual(['x', 'targets', 'weight', 'bias']);
  expect([...session.outputNames]).toEqual(['loss', 'logits', 'gradient:weight', 'gradient:bias']);
  await session.release();
});

it('the generated code is what protoc makes of onnx.proto', (context) => {
  if (spawnSync('protoc', ['--version']).error) context.skip('protoc is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-engine-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const lib = join(import.meta.dirname, '../..');
  const { scripts } = JSON.parse(readFileSync(join(lib, 'package.json'), 'utf8')) as {
    scripts: { generate: string };
  };
  const command = scripts.generate.replace('--es_out=src/onnx', `--es_out=${folder}`);
  const { status, stderr } = spawnSync(command, { cwd: lib, shell: true, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const made = readFileSync(join(folder, 'onnx_pb.ts'), 'utf8');
  expect(made).toBe(readFileSync(join(import.meta.dirname, 'onnx_pb.ts'), 'utf8'));
});
