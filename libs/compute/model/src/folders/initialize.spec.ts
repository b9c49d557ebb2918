import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEncoderConfig } from '../config/config.js';
import { type InitialTensor, initializeEncoder, initializeHead } from './initialize.js';
import { temporaryFolder } from '../../test/folders.js';
import { openEncoder } from './encoder-folder.js';
import { createTinyEncoderFolder } from './tiny-encoder.js';
import { loadTokenizer } from '../tokens/tokenizer.js';
import { tokenize } from '../tokens/token-rows.js';

const config = parseEncoderConfig('c', {
  model_type: 'bert',
  vocab_size: 5000,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  initializer_range: 0.05,
  pad_token_id: 3,
});

function filled({ shape, fill }: InitialTensor): Float32Array {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(NaN);
  fill(data);
  return data;
}

function tensor(seed: number, name: string): Float32Array {
  const found = initializeEncoder(config, seed).find((candidate) => candidate.name === name);
  if (!found) throw new Error(name);
  return filled(found);
}

describe('new weights', () => {
  it('are normal: mean, deviation, skew, kurtosis, and as many beyond two deviations as there should be', () => {
    const words = tensor(1, 'embeddings.word_embeddings.weight');
    const drawn = [...words.subarray(0, 3 * 64), ...words.subarray(4 * 64)];
    const moment = (power: number) => drawn.reduce((sum, x) => sum + (x / 0.05) ** power, 0) / drawn.length;
    // Four standard errors of each moment of a normal sample of this size.
    const error = (variance: number) => 4 * Math.sqrt(variance / drawn.length);
    expect(Math.abs(moment(1))).toBeLessThan(error(1));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error(2));
    expect(Math.abs(moment(3))).toBeLessThan(error(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error(96));
    const beyond = drawn.filter((x) => Math.abs(x) > 0.1).length / drawn.length;
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(error(0.0455 * 0.9545));
    // Neighbours in the stream do not go together.
    const pairs =
      drawn.slice(1).reduce((sum, x, i) => sum + (x * (drawn[i] ?? 0)) / 0.05 ** 2, 0) / drawn.length;
    expect(Math.abs(pairs)).toBeLessThan(error(1));
  });

  it("are zeros in the padding token's row, ones in gains, zeros in biases", () => {
    const words = tensor(1, 'embeddings.word_embeddings.weight');
    expect([...words.subarray(3 * 64, 4 * 64)].every((x) => x === 0)).toBe(true);
    expect(tensor(1, 'encoder.layer.0.output.LayerNorm.weight').every((x) => x === 1)).toBe(true);
    expect(tensor(1, 'encoder.layer.0.output.LayerNorm.bias').every((x) => x === 0)).toBe(true);
    expect(tensor(1, 'encoder.layer.0.output.dense.bias').every((x) => x === 0)).toBe(true);
  });

  it('are the same bits for a seed, others for another seed or tensor', () => {
    const query = 'encoder.layer.0.attention.self.query.weight';
    expect(tensor(7, query)).toEqual(tensor(7, query));
    expect(tensor(7, query)).not.toEqual(tensor(8, query));
    expect(tensor(7, query)).not.toEqual(tensor(7, 'encoder.layer.0.attention.self.key.weight'));
    // Written down, so that a change of generator or formula is noticed.
    expect([...tensor(7, query).subarray(0, 3)]).toMatchInlineSnapshot(`
      [
        -0.03551018610596657,
        -0.039619579911231995,
        0.00238874857313931,
      ]
    `);
  });

  it('of a head have its shape', () => {
    const [weight, bias] = initializeHead(config, 3, 1);
    expect([weight?.shape, bias?.shape]).toEqual([[3, 64], [3]]);
    expect(weight && filled(weight).every((x) => x !== 0)).toBe(true);
    expect(bias && [...filled(bias)]).toEqual([0, 0, 0]);
  });
});

describe('the tiny encoder', () => {
  it('is a whole folder, the same for the same seed', async () => {
    const folder = temporaryFolder();
    await createTinyEncoderFolder(join(folder, 'a'), ['Good', 'bad', "isn't", 'good']);
    await createTinyEncoderFolder(join(folder, 'b'), ['Good', 'bad', "isn't", 'good']);
    await createTinyEncoderFolder(join(folder, 'c'), ['Good', 'bad', "isn't", 'good'], { seed: 2 });
    const bytes = (name: string) => readFileSync(join(folder, name, 'model.safetensors'));
    expect(bytes('a')).toEqual(bytes('b'));
    expect(bytes('a')).not.toEqual(bytes('c'));

    const { config: tiny, ignored } = openEncoder(join(folder, 'a'));
    expect(tiny).toMatchObject({ layers: 2, hiddenSize: 64, attentionHeads: 2, intermediateSize: 256 });
    expect(ignored).toEqual([]);
    const tokenizer = await loadTokenizer(join(folder, 'a'));
    expect(tokenizer.vocabularySize).toBe(tiny.vocabularySize);
    const { ids } = await tokenize(tokenizer, ["Good isn't xyz"], null, 32);
    const names = ['[CLS]', 'good', 'isn', "'", 't', 'x', '##y', '##z', '[SEP]'];
    expect([...ids]).toEqual(names.map((name) => tokenizer.idOf(name)));
  });

  it('has the sizes that are asked for', async () => {
    const folder = temporaryFolder();
    await createTinyEncoderFolder(folder, [], {
      layers: 3,
      hidden: 12,
      heads: 3,
      intermediate: 20,
      maximumPositions: 16,
    });
    expect(openEncoder(folder).config).toMatchObject({
      layers: 3,
      hiddenSize: 12,
      intermediateSize: 20,
      maximumPositions: 16,
    });
  });
});
