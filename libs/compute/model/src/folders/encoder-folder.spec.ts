import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { BERT, copyOfBert } from '../../test/folders.js';
import { layerOf } from '../architectures/architecture.js';
import { openEncoder } from './encoder-folder.js';
import { openSafetensors } from './safetensors-read.js';
import { type FloatType, type NamedTensor, writeSafetensors } from './safetensors-write.js';

const stored = openSafetensors(join(BERT, 'model.safetensors'));
const PREFIX = 'bert.';
const WORDS = 'embeddings.word_embeddings.weight';

/** All tensors of the committed BERT, to be changed and written again. */
function allTensors(): NamedTensor[] {
  return [...stored.tensors.values()].map(({ name, shape }) => ({
    name,
    shape,
    data: stored.readTensor(name),
  }));
}

/** A copy of the committed BERT that holds these tensors instead. */
async function folderWith(tensors: readonly NamedTensor[], floatType: FloatType = 'F32'): Promise<string> {
  const folder = copyOfBert();
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { floatType });
  return folder;
}

describe('opening an encoder', () => {
  it('reads every tensor by its canonical name, and the head', () => {
    const encoder = openEncoder(BERT);
    expect(encoder.tensors.shapes).toHaveLength(5 + 4 * 16);
    for (const { name, shape } of encoder.tensors.shapes) {
      expect(encoder.tensors.readTensor(name)).toEqual(stored.readTensor(PREFIX + name));
      expect(stored.tensors.get(PREFIX + name)?.shape).toEqual(shape);
    }
    expect(encoder.ignored).toEqual([]);
    expect(encoder.head?.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
    expect(encoder.head?.readTensor('classifier.bias')).toEqual(stored.readTensor('classifier.bias'));
    expect(encoder.head?.readTensor('pooler.dense.bias')).toEqual(
      stored.readTensor('bert.pooler.dense.bias'),
    );
    expect(() => encoder.tensors.readTensor('classifier.bias')).toThrow(InputError);
  });

  it('takes names without prefix and in their older spelling', async () => {
    const renamed = allTensors()
      .filter(({ name }) => name.startsWith(PREFIX))
      .map((tensor) => ({
        ...tensor,
        name: tensor.name
          .slice(PREFIX.length)
          .replace('LayerNorm.weight', 'LayerNorm.gamma')
          .replace('LayerNorm.bias', 'LayerNorm.beta'),
      }));
    const encoder = openEncoder(await folderWith(renamed));
    for (const name of [WORDS, 'embeddings.LayerNorm.weight', 'encoder.layer.3.output.LayerNorm.bias']) {
      expect(encoder.tensors.readTensor(name)).toEqual(stored.readTensor(PREFIX + name));
    }
    expect(encoder.head).toBeUndefined();
    expect(encoder.ignored).toEqual(['pooler.dense.bias', 'pooler.dense.weight']);
  });

  it('lists tensors that it has no use for', async () => {
    const extra = ['bert.embeddings.position_ids', 'cls.predictions.bias', 'cls.seq_relationship.weight'];
    const encoder = openEncoder(
      await folderWith([
        ...allTensors().filter(({ name }) => !name.startsWith('classifier')),
        { name: extra[0] ?? '', shape: [1, 2], data: BigInt64Array.of(0n, 1n) },
        { name: extra[1] ?? '', shape: [1], data: new Float32Array(1) },
        { name: extra[2] ?? '', shape: [1], data: new Float32Array(1) },
      ]),
    );
    expect(encoder.ignored).toEqual([...extra, 'bert.pooler.dense.bias', 'bert.pooler.dense.weight'].sort());
  });

  it.each(['F16', 'BF16'] as const)('reads %s', async (floatType) => {
    const encoder = openEncoder(await folderWith(allTensors(), floatType));
    const tolerance = floatType === 'F16' ? 2 ** -11 : 2 ** -8;
    const exact = stored.readTensor(PREFIX + WORDS);
    encoder.tensors.readTensor(WORDS).forEach((value, i) => {
      // Relative while normal; below 2^-14 F16 has steps of 2^-24.
      const allowed = Math.max(Math.abs(exact[i]!) * tolerance, 2 ** -25);
      expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(allowed);
    });
  });

  it('reads shards', async () => {
    const folder = copyOfBert();
    rmSync(join(folder, 'model.safetensors'));
    const tensors = allTensors();
    const shards = [tensors.slice(0, 30), tensors.slice(30)];
    const weight_map: Record<string, string> = {};
    for (const [i, shard] of shards.entries()) {
      const file = `model-0000${i + 1}-of-00002.safetensors`;
      await writeSafetensors(join(folder, file), shard);
      for (const { name } of shard) weight_map[name] = file;
    }
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
    const encoder = openEncoder(folder);
    for (const { name } of encoder.tensors.shapes) {
      expect(encoder.tensors.readTensor(name)).toEqual(stored.readTensor(PREFIX + name));
    }
    expect(encoder.weightFiles).toEqual(
      [1, 2].map((i) => join(folder, `model-0000${i}-of-00002.safetensors`)),
    );
  });
});

describe('folders that do not hold what config.json describes', () => {
  it('are refused with one sentence that lists missing, misshapen and unknown tensors', async () => {
    const tensors = allTensors()
      .filter(({ name }) => name !== 'bert.encoder.layer.2.output.dense.bias')
      .map((tensor) => (tensor.name === PREFIX + WORDS ? { ...tensor, shape: [16, 143] } : tensor));
    const folder = await folderWith([
      ...tensors,
      { name: 'bert.extra', shape: [1], data: new Float32Array(1) },
    ]);
    expect(() => openEncoder(folder)).toThrow(InputError);
    expect(() => openEncoder(folder)).toThrow(
      /missing: encoder\.layer\.2\.output\.dense\.bias; misshapen: bert\.embeddings\.word_embeddings\.weight is \[16, 143\], expected \[143, 16\]; unknown: bert\.extra\.$/,
    );
  });

  it('are refused when a layer more is there than config.json says', async () => {
    const layer4 = allTensors()
      .filter(({ name }) => name.includes('.layer.3.'))
      .map((tensor) => ({ ...tensor, name: tensor.name.replace('.layer.3.', '.layer.4.') }));
    const folder = await folderWith([...allTensors(), ...layer4]);
    expect(() => openEncoder(folder)).toThrow(/unknown: bert\.encoder\.layer\.4\..* and 4 more\.$/);
  });

  it('are refused when a tensor stands there twice or is no float', async () => {
    const again = allTensors().filter(({ name }) => name === PREFIX + WORDS);
    const twice = await folderWith([...allTensors(), ...again.map((tensor) => ({ ...tensor, name: WORDS }))]);
    expect(() => openEncoder(twice)).toThrow(/holds one tensor twice, as /);
    const integers = allTensors().map((tensor) =>
      tensor.name === 'classifier.bias' ? { ...tensor, data: Int32Array.of(1, 2, 3) } : tensor,
    );
    const folder = await folderWith(integers);
    expect(() => openEncoder(folder)).toThrow(/neither F32 nor F16 nor BF16: classifier\.bias is I32/);
  });

  it('are refused when they hold a pickle, with how to convert it', () => {
    const folder = copyOfBert();
    rmSync(join(folder, 'model.safetensors'));
    expect(() => openEncoder(folder)).toThrow(/has no model.safetensors and no model.safetensors.index.json/);
    writeFileSync(join(folder, 'pytorch_model.bin'), 'pickle');
    expect(() => openEncoder(folder)).toThrow(InputError);
    expect(() => openEncoder(folder)).toThrow(
      /pytorch_model.bin only, a pickle.*python3 -c "from transformers import/,
    );
  });
});

it('knows the layer of every tensor', () => {
  const { config } = openEncoder(BERT);
  expect(layerOf(config, WORDS)).toBe('embeddings');
  expect(layerOf(config, 'encoder.layer.3.output.dense.bias')).toBe(3);
  expect(layerOf(config, 'encoder.layer.4.output.dense.bias')).toBe('head');
  expect(layerOf(config, 'classifier.weight')).toBe('head');
});
