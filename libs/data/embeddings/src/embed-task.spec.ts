// Vectors against PyTorch's (fixtures/expected.json), and what must not change them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEmbeddingsOf, type Split } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { createTinyEncoderFolder, POOLINGS } from '@layerwise/model';
import { describe, expect, it } from 'vitest';
import {
  addModules,
  BERT,
  copyOf,
  ONNX,
  OPTIONS,
  PAIRS,
  reference,
  SINGLE,
  SIZE,
  splitOf,
  taskOf,
  temporaryFolder,
  worst,
} from '../test/tiny.js';
import { embedTask, type EmbedTaskOptions } from './embed-task.js';

const trainOf = async (
  task = SINGLE,
  changes: Partial<EmbedTaskOptions> = {},
  encoder = BERT,
): Promise<Float32Array> =>
  (await embedTask(task, encoder, { ...OPTIONS, ...changes })).embeddings.train.values;

/** The vector of one row. */
const rowOf = (values: Float32Array, row: number): Float32Array =>
  values.subarray(row * SIZE, (row + 1) * SIZE);

describe.each([
  ['safetensors', BERT],
  ['ONNX', ONNX],
])('vectors of %s', (_, encoder) => {
  it.each(POOLINGS)(
    "are PyTorch's, of single texts and of pairs, cut and empty ones among them (%s)",
    async (pooling) => {
      expect(worst(await trainOf(SINGLE, { pooling }, encoder), reference.single[pooling])).toBeLessThan(
        1e-5,
      );
      expect(worst(await trainOf(PAIRS, { pooling }, encoder), reference.pair[pooling])).toBeLessThan(1e-5);
    },
  );

  it('do not depend on the batch or on the order of rows, and are the same bits again', async () => {
    const whole = await trainOf(SINGLE, {}, encoder);
    expect(await trainOf(SINGLE, {}, encoder)).toEqual(whole);
    for (const batchTokens of [1, 30, 1000])
      expect(worst(await trainOf(SINGLE, { batchTokens }, encoder), whole)).toBeLessThan(1e-6);

    const order = [5, 2, 7, 0, 3, 6, 1, 4];
    const turned = await trainOf(taskOf(splitOf(order.map((row) => SINGLE.train.text[row]!))), {}, encoder);
    order.forEach((row, place) => {
      expect(worst(rowOf(turned, place), rowOf(whole, row))).toBeLessThan(1e-6);
    });
  });

  it('change with the maximum length where a text is longer, and only there', async () => {
    const end = await embedTask(SINGLE, encoder, OPTIONS);
    const longer = await embedTask(SINGLE, encoder, { ...OPTIONS, maximumLength: 40 });
    // It is longer than the encoder has positions for, too.
    expect([end.cut, longer.cut]).toEqual([1, 1]);
    const changed = reference.single.texts.filter(
      (_, row) =>
        worst(rowOf(end.embeddings.train.values, row), rowOf(longer.embeddings.train.values, row)) > 1e-3,
    );
    expect(changed).toEqual([expect.stringMatching(/^the goats were screaming/)]);
  });
});

it('a text that occurs again is embedded once, and has the same bits', async () => {
  const text = ['lamp', 'warm evening', 'lamp', '', 'warm evening', 'lamp'];
  const { embeddings, texts, computed } = await embedTask(
    taskOf(splitOf(text), splitOf(['river', 'river'])),
    BERT,
    OPTIONS,
  );
  expect({ texts, computed }).toEqual({ texts: 4, computed: 4 });
  const { values, index } = embeddings.train;
  expect([...index]).toEqual([0, 1, 2, 3, 4, 5]);
  for (const [row, first] of [
    [2, 0],
    [5, 0],
    [4, 1],
  ] as const)
    expect(rowOf(values, row)).toEqual(rowOf(values, first));
  expect(rowOf(values, 3)).not.toEqual(rowOf(values, 0));
  expect(rowOf(embeddings.dev.values, 1)).toEqual(rowOf(embeddings.dev.values, 0));
});

it('what comes out is of this task, with its own row numbers', async () => {
  const split: Split = { ...splitOf(['lamp', 'river']), index: Int32Array.of(40, 7) };
  const task = taskOf(split);
  const { embeddings } = await embedTask(task, BERT, OPTIONS);
  expect([...embeddings.train.index]).toEqual([40, 7]);
  expect(embeddings).toMatchObject({ task: 'own', pooling: 'cls' });
  expect(embeddings.encoder).toMatch(/^bert 4 x 16 \([0-9a-f]{12}\)$/);
  expect(() => checkEmbeddingsOf(embeddings, 'here', task)).not.toThrow();
  expect(() => checkEmbeddingsOf(embeddings, 'here', SINGLE)).toThrow(InputError);
});

it('a split without rows has no vectors', async () => {
  const { embeddings } = await embedTask(taskOf(splitOf(['lamp']), splitOf([])), BERT, OPTIONS);
  expect(embeddings.dev).toEqual({ index: new Int32Array(0), size: SIZE, values: new Float32Array(0) });
});

it("tfjs' own backend gives the same vectors", async () => {
  const options = { pooling: 'mean', engine: 'tfjs-cpu' } as const;
  expect(worst(await trainOf(SINGLE, options), reference.single.mean)).toBeLessThan(1e-5);
});

it('the built-in encoder does, and words that it does not know', async () => {
  const folder = temporaryFolder();
  await createTinyEncoderFolder(folder, ['river', 'lake'], { seed: 3 });
  const { embeddings } = await embedTask(SINGLE, folder, OPTIONS);
  expect(embeddings.train.size).toBe(64);
  expect(embeddings.train.values.some((value) => value !== 0)).toBe(true);
});

describe("a sentence-transformers folder's own recipe", () => {
  const MEAN = { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true };

  it.each([
    ['safetensors', BERT],
    ['ONNX', ONNX],
  ])('is taken where no pooling is given: mean, and length 1 (%s)', async (_, encoder) => {
    const folder = addModules(copyOf(encoder), ['Transformer', 'Pooling', 'Normalize'], MEAN);
    const { embeddings, normalized } = await embedTask(SINGLE, folder, { ...OPTIONS, pooling: null });
    expect(worst(embeddings.train.values, reference.single.sentence)).toBeLessThan(1e-5);
    expect({ normalized, pooling: embeddings.pooling }).toEqual({
      normalized: true,
      pooling: 'mean, normalized',
    });
    // A pooling that is given is taken as it is.
    expect(worst(await trainOf(SINGLE, { pooling: 'mean' }, folder), reference.single.mean)).toBeLessThan(
      1e-5,
    );
  });

  it('without Normalize leaves lengths alone; without modules.json it is [CLS]', async () => {
    const folder = addModules(copyOf(BERT), ['Transformer', 'Pooling'], { pooling_mode: 'mean' });
    expect(worst(await trainOf(SINGLE, { pooling: null }, folder), reference.single.mean)).toBeLessThan(1e-5);
    expect(worst(await trainOf(SINGLE, { pooling: null }), reference.single.cls)).toBeLessThan(1e-5);
  });

  it("is the ONNX model's own sentence_embedding where there are no modules", async () => {
    const { embeddings } = await embedTask(SINGLE, ONNX, { ...OPTIONS, pooling: null });
    expect(embeddings.pooling).toBe('own');
    expect(worst(embeddings.train.values, reference.single.sentence)).toBeLessThan(1e-5);
  });
});

describe('refused with a sentence', () => {
  const refusal = async (folder: string, changes: Partial<EmbedTaskOptions> = {}): Promise<string> => {
    const error: unknown = await embedTask(SINGLE, folder, { ...OPTIONS, ...changes }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  };

  it('are folders that lack something', async () => {
    expect(await refusal(join(temporaryFolder(), 'nowhere'))).toMatch(/^There is no encoder folder /);
    expect(await refusal(temporaryFolder())).toContain('has no config.json');
    const folder = copyOf(BERT);
    writeFileSync(join(folder, 'tokenizer.json'), '{');
    expect(await refusal(folder)).toContain('tokenizer.json is not readable JSON');
  });

  it('are weights that are no numbers, by the name of their tensor', async () => {
    const folder = copyOf(BERT);
    const file = join(folder, 'model.safetensors');
    const name = 'encoder.layer.1.output.dense.bias';
    const bytes = readFileSync(file);
    const header = Number(bytes.readBigUInt64LE(0));
    const stored = JSON.parse(bytes.subarray(8, 8 + header).toString()) as Record<
      string,
      { data_offsets: number[] }
    >;
    const [, place] = Object.entries(stored).find(([stored]) => stored.endsWith(name))!;
    bytes.writeFloatLE(NaN, 8 + header + place.data_offsets[0]! + 4 * 5);
    writeFileSync(file, bytes);
    expect(await refusal(folder)).toMatch(new RegExp(`number 5 of the tensor ${name} is NaN; take weights`));
  });

  it('are finite weights that overflow, by the row', async () => {
    const folder = copyOf(BERT);
    const file = join(folder, 'model.safetensors');
    const bytes = readFileSync(file);
    const header = Number(bytes.readBigUInt64LE(0));
    for (let at = 8 + header; at + 4 <= bytes.length; at += 4) bytes.writeFloatLE(3e38, at);
    writeFileSync(file, bytes);
    expect(await refusal(folder)).toMatch(
      /^The encoder bert .* makes (NaN|-?Infinity) of the text in row \d/,
    );
  });

  it('is a length that leaves no room for text', async () => {
    expect(await refusal(BERT, { maximumLength: 2 })).toContain('leaves no room for a text');
  });
});
