// The masked-language-model loss and its gradients against PyTorch's numbers in the committed fixture.
import { join } from 'node:path';
import { gradientName, type EngineName } from '@layerwise/engine';
import { describe, expect, it } from 'vitest';
import { BERT } from '../../test/folders.js';
import { compiled, configOf, gradientsOf, packed, relativeError, weightsOf } from '../../test/packed-bert.js';
import { maskedBindings, maskedLanguageProgram } from './masked-language.js';
import { openSafetensors } from '../folders/safetensors-read.js';

const WORDS = 'embeddings.word_embeddings.weight';
/** PyTorch's numbers, see tools/reference/make_bert_fixture.py. */
const tensors = openSafetensors(join(BERT, 'expected.safetensors'));
const gradients = [...tensors.tensors.keys()].filter((name) => name.startsWith('mlm.grad.'));

/** The fixture's masked batch without its padding, and where it is scored. */
function maskedBatch() {
  const ids = tensors.readIntegers('mlm.input_ids');
  const labels = tensors.readIntegers('mlm.labels');
  const types = tensors.readIntegers('input.token_type_ids');
  const present = tensors.readIntegers('input.attention_mask');
  const [count = 0, width = 0] = tensors.tensors.get('mlm.input_ids')?.shape ?? [];
  const texts = Array.from({ length: count }, (_, text) => {
    const length = present.subarray(text * width, (text + 1) * width).reduce((a, b) => a + b, 0);
    const row = (values: Int32Array): number[] => [...values.subarray(text * width, text * width + length)];
    return { ids: row(ids), types: row(types), labels: row(labels) };
  });
  const batch = packed(texts);
  const rows = Array.from(batch.placeOf.keys()).map((row) => {
    const place = batch.placeOf[row]!;
    return { row, label: texts[place % count]!.labels[Math.floor(place / count)]! };
  });
  const scored = rows.filter(({ label }) => label >= 0);
  return {
    batch,
    rows: scored.map(({ row }) => row),
    ids: scored.map(({ label }) => label),
  };
}

describe.each<EngineName>(['onnxruntime', 'tfjs-wasm'])('the masked-language model on %s', (engineName) => {
  it('has the loss and the gradients of PyTorch', async () => {
    const config = configOf(4);
    const program = maskedLanguageProgram(config);
    const head = program.parameters.filter(({ name }) => name.startsWith('cls.'));
    const headWeights = head.map(({ name, shape }) => [
      name,
      { data: tensors.readTensor(`mlm.weight.${name}`), shape: shape.map(Number) },
    ]);
    const encoderWeights = Object.entries(weightsOf(config, 1)).filter(([name]) => !name.startsWith('head.'));
    const weights = Object.fromEntries([...encoderWeights, ...headWeights]) as ReturnType<typeof weightsOf>;
    const { batch, rows, ids } = maskedBatch();
    expect(rows.length).toBeGreaterThan(1);

    const { run, dispose } = await compiled(engineName, program, weights);
    const found = await run(batch, maskedBindings(rows, ids, batch.tokens, config.vocabularySize));
    expect(found['loss']![0]! / tensors.readTensor('mlm.loss')[0]!).toBeCloseTo(1, 5);

    const lookedUp = gradientsOf({ [gradientName('rows')]: found[gradientName('rows')]! }, batch, weights);
    for (const stored of gradients) {
      const name = stored.replace(/^mlm\.grad\.(bert\.)?/, '');
      const graph = found[gradientName(name)];
      const table = lookedUp[name];
      // The word table is looked up and, transposed, the decoder: its gradient is the sum of both.
      const gradient = graph && table ? graph.map((value, i) => value + table[i]!) : (graph ?? table)!;
      if (name === WORDS) expect(graph && table).toBeDefined();
      const expected = tensors.readTensor(stored);
      if (name.endsWith('key.bias')) expect(Math.max(...gradient.map(Math.abs)), name).toBeLessThan(1e-6);
      else expect(relativeError(gradient, expected), name).toBeLessThan(1e-4);
    }
    await dispose();
  });
});

it('masked rows are fed with their inverse, each counting alike', () => {
  expect(maskedBindings([4, 1], [70, 80], 5, 100)).toEqual({
    maskedRows: { data: Int32Array.of(4, 1), shape: [2] },
    maskOfRow: { data: Int32Array.of(0, 1, 0, 0, 0), shape: [5] },
    isMasked: { data: Float32Array.of(0, 1, 0, 0, 1), shape: [5, 1] },
    tokenIds: { data: Int32Array.of(70, 80), shape: [2] },
    tokenPlaces: { data: Int32Array.of(70, 180), shape: [2] },
    weights: { data: Float32Array.of(0.5, 0.5), shape: [2, 1] },
  });
});
