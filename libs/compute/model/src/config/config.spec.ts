import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BERT,
  SHARED_FIXTURES,
  copyOfBert,
  editJson,
  hasSharedFixtures,
  temporaryFolder,
} from '../../test/folders.js';
import { parseEncoderConfig, readEncoderConfig, readModelType } from './config.js';

const minimal = {
  model_type: 'bert',
  vocab_size: 100,
  hidden_size: 12,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 3,
};

describe('config.json', () => {
  it('is translated', () => {
    expect(readEncoderConfig(BERT)).toMatchObject({
      architecture: { name: 'bert' },
      vocabularySize: 143,
      embeddingSize: 16,
      hiddenSize: 16,
      intermediateSize: 32,
      layers: 4,
      attentionHeads: 2,
      activation: 'gelu',
      maximumPositions: 40,
      tokenTypes: 2,
      layerNormEpsilon: 1e-12,
      hiddenDropout: 0,
      attentionDropout: 0,
      classifierDropout: 0,
      paddingId: 0,
      labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'],
      raw: { transformers_version: expect.any(String) as string },
    });
  });

  it("has BertConfig's defaults, and the hidden dropout for a classifier that names none", () => {
    const config = parseEncoderConfig('config.json', {
      ...minimal,
      hidden_dropout_prob: 0.3,
      classifier_dropout: null,
    });
    expect(config).toMatchObject({
      activation: 'gelu',
      maximumPositions: 512,
      tokenTypes: 2,
      layerNormEpsilon: 1e-12,
      hiddenDropout: 0.3,
      attentionDropout: 0.1,
      classifierDropout: 0.3,
      initializerRange: 0.02,
      paddingId: 0,
    });
    expect(config.labels).toBeUndefined();
  });

  it('may lack model_type where the class that wrote it tells', () => {
    const { model_type: _, ...old } = minimal;
    expect(parseEncoderConfig('c', { ...old, architectures: ['BertForMaskedLM'] }).architecture.name).toBe(
      'bert',
    );
    expect(() => parseEncoderConfig('c', old)).toThrow(
      /c has no model_type; add the line "model_type": "bert"/,
    );
  });

  it.each([
    ['gelu', 'gelu'],
    ['gelu_new', 'gelu_tanh'],
    ['gelu_fast', 'gelu_tanh'],
    ['gelu_pytorch_tanh', 'gelu_tanh'],
    ['quick_gelu', 'quick_gelu'],
    ['relu', 'relu'],
    ['swish', 'silu'],
    ['silu', 'silu'],
    ['tanh', 'tanh'],
    ['mish', 'mish'],
  ])('knows the activation %s', (name, activation) => {
    expect(parseEncoderConfig('c', { ...minimal, hidden_act: name }).activation).toBe(activation);
  });

  it.each([
    [{ hidden_act: 'glue' }, /names the activation glue, which is not known \(known: gelu, .*tanh/],
    [{ hidden_act: 'constructor' }, /activation constructor/],
    [
      { position_embedding_type: 'relative_key' },
      /position_embedding_type relative_key, which is not supported yet/,
    ],
    [{ is_decoder: true }, /is_decoder true, which is not supported yet/],
    [{ add_cross_attention: true }, /add_cross_attention true, which is not supported yet/],
    [{ num_attention_heads: 5 }, /hidden_size 12 and num_attention_heads 5; the heads must divide/],
    [{ hidden_size: 'wide' }, /is not a BERT config: hidden_size is "wide"/],
    [{ num_hidden_layers: undefined }, /num_hidden_layers is missing/],
    [{ hidden_dropout_prob: 1 }, /hidden_dropout_prob is 1/],
    [{ id2label: ['no'] }, /id2label that is not an object/],
    [{ id2label: 'no' }, /id2label that is not an object/],
    [{ id2label: { no: 0 } }, /id2label that is not an object/],
    [{ model_type: 'gpt2' }, /model_type gpt2, which is not supported yet \(supported: bert\)/],
    [{ model_type: 'toString' }, /model_type toString, which is not supported yet/],
  ])('refuses %j', (changes, message) => {
    const raw = JSON.parse(JSON.stringify({ ...minimal, ...changes })) as Record<string, unknown>;
    expect(() => parseEncoderConfig('config.json', raw)).toThrow(InputError);
    expect(() => parseEncoderConfig('config.json', raw)).toThrow(message);
  });

  it.each([
    { 1: 'no', 2: 'yes' },
    { 0: 'no', 2: 'yes' },
    { 0: 'no', 1: 'no' },
    { 0: null, 1: 'no' },
    { 0: 1, 1: 2 },
    { '-1': 'no', 0: 'yes' },
  ])('has no labels where id2label is %j, which an encoder does not need', (id2label) => {
    expect(parseEncoderConfig('c', { ...minimal, id2label }).labels).toBeUndefined();
  });

  it('is missed with a sentence', () => {
    const folder = temporaryFolder();
    expect(() => readEncoderConfig(join(folder, 'none'))).toThrow(/There is no encoder folder/);
    expect(() => readEncoderConfig(folder)).toThrow(/has no config.json; an encoder folder holds/);
    writeFileSync(join(folder, 'config.json'), '{"a"');
    expect(() => readEncoderConfig(folder)).toThrow(/is not readable JSON/);
    writeFileSync(join(folder, 'config.json'), '[]');
    expect(() => readEncoderConfig(folder)).toThrow(/is not a JSON object/);
    expect(() => readEncoderConfig(join(folder, 'config.json'))).toThrow(
      /is a file, expected an encoder folder/,
    );
    const old = temporaryFolder();
    mkdirSync(join(old, '0_Transformer'));
    writeFileSync(join(old, '0_Transformer', 'config.json'), '{}');
    expect(() => readEncoderConfig(old)).toThrow(
      /keeps its encoder in 0_Transformer; give .*0_Transformer\.$/,
    );
  });

  it('gives an InputError or a config, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(minimal), 'hidden_act', 'id2label'), fc.jsonValue()),
        (raw) => {
          try {
            parseEncoderConfig('c', { ...minimal, ...raw });
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('keeps what it was read from', () => {
    const folder = copyOfBert();
    editJson(join(folder, 'config.json'), { something_new: [1, 2] });
    expect(readEncoderConfig(folder).raw['something_new']).toEqual([1, 2]);
  });
});

describe.skipIf(!hasSharedFixtures)('reference models of ../shared', () => {
  it('are recognised by type', () => {
    for (const name of ['bert', 'roberta', 'distilbert', 'electra', 'gpt2']) {
      expect(readModelType(join(SHARED_FIXTURES, name))).toBe(name);
    }
    expect(readEncoderConfig(join(SHARED_FIXTURES, 'bert')).layers).toBe(12);
    expect(() => readEncoderConfig(join(SHARED_FIXTURES, 'roberta'))).toThrow(
      /roberta, which is not supported yet/,
    );
  });
});
