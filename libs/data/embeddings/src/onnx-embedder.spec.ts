// Folders with an ONNX file: which of their ways is taken, and what is refused. Numbers are in
// embed-task.spec.ts.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { record, toOnnx, type Program, type TensorSpec } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { BERT, copyOf, ONNX, OPTIONS, SINGLE, worst, reference } from '../test/tiny.js';
import { embedTask } from './embed-task.js';
import type { EmbedderOptions } from './embedder.js';
import { openEmbedder } from './open-embedder.js';

const refusal = async (folder: string, changes: Partial<EmbedderOptions> = {}): Promise<string> => {
  const error: unknown = await openEmbedder(folder, { ...OPTIONS, ...changes }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
};

/** A folder whose model takes these inputs and gives their sum, as `output`. */
async function folderOf(inputs: readonly string[], output: string): Promise<string> {
  const folder = copyOf(ONNX);
  const spec = (name: string): TensorSpec => ({ name, shape: ['texts', 'length'], type: 'int32' });
  const program: Program = {
    name: 'odd',
    inputs: inputs.map(spec),
    parameters: [],
    gradientsOf: [],
    compute: (tensors) => {
      const floats = inputs.map((name) => tensors[name]!.cast('float32'));
      return { [output]: floats.reduce((sum, tensor) => sum.add(tensor)) };
    },
  };
  writeFileSync(join(folder, 'model.onnx'), toOnnx(await record(program)));
  return folder;
}

it('safetensors of a supported architecture come before an ONNX file, an ONNX file before others', async () => {
  const both = copyOf(BERT);
  mkdirSync(join(both, 'onnx'));
  cpSync(join(ONNX, 'model.onnx'), join(both, 'onnx', 'model.onnx'));
  const descriptionOf = async (folder: string): Promise<string> => {
    const embedder = await openEmbedder(folder, OPTIONS);
    await embedder.dispose();
    return embedder.description;
  };
  expect(await descriptionOf(both)).toMatch(/^bert 4 x 16/);
  rmSync(join(both, 'model.safetensors'));
  expect(await descriptionOf(both)).toMatch(/^onnx of 16/);
  const foreign = copyOf(ONNX);
  cpSync(join(BERT, 'model.safetensors'), join(foreign, 'model.safetensors'));
  writeFileSync(join(foreign, 'config.json'), '{"model_type": "deberta-v2", "pad_token_id": 0}');
  expect(await descriptionOf(foreign)).toMatch(/^onnx of 16/);
});

it('needs no config.json, and is told by its bytes', async () => {
  const folder = copyOf(ONNX);
  rmSync(join(folder, 'config.json'));
  const { embeddings } = await embedTask(SINGLE, folder, { ...OPTIONS, pooling: 'mean' });
  expect(worst(embeddings.train.values, reference.single.mean)).toBeLessThan(1e-5);
  const { digest } = await openEmbedder(folder, OPTIONS);
  expect((await openEmbedder(ONNX, OPTIONS)).digest).toBe(digest);
  writeFileSync(join(folder, 'model.onnx_data'), 'weights beside it');
  expect((await openEmbedder(folder, OPTIONS)).digest).not.toBe(digest);
});

it('refuses other models with a sentence', async () => {
  expect(await refusal(ONNX, { engine: 'tfjs-cpu' })).toMatch(
    /runs on --engine onnxruntime and not on tfjs-cpu\.$/,
  );
  const broken = copyOf(ONNX);
  writeFileSync(join(broken, 'model.onnx'), 'nothing');
  expect(await refusal(broken)).toMatch(/model\.onnx is no model that onnxruntime can run \(/);
  const mute = copyOf(ONNX);
  renameSync(join(mute, 'tokenizer.json'), join(mute, 'other.json'));
  expect(await refusal(mute)).toContain('has no tokenizer.json');
  expect(
    await refusal(await folderOf(['input_ids', 'attention_mask', 'pixels'], 'last_hidden_state')),
  ).toContain('takes an input pixels;');
  expect(await refusal(await folderOf(['input_ids'], 'last_hidden_state'))).toContain(
    'takes no attention_mask,',
  );
  const ids = ['input_ids', 'attention_mask'];
  expect(await refusal(await folderOf(ids, 'logits'))).toMatch(
    /gives logits and none of last_hidden_state, token_embeddings\.$/,
  );
  expect(await refusal(await folderOf(ids, 'sentence_embedding'))).toMatch(/; leave --pooling out\.$/);
  expect(await refusal(await folderOf(ids, 'last_hidden_state'))).toContain(
    'its output last_hidden_state is [1, 3]',
  );
});
