// A family that no registry knows goes all the way by being handed in: read, computed, trained, written.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gradientName, referenceRows, startEngine, viewOf, type EngineName } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  createTrainer,
  createTrainingState,
  encoderWeights,
  loadEncoder,
  planWeights,
  trainStep,
  wholeVocabulary,
} from '@layerwise/finetune';
import {
  ARCHITECTURES,
  denseHead,
  encoderTensors,
  hiddenStatesProgram,
  initializeEncoder,
  layerOf,
  maskedLanguageProgram,
  meanTargets,
  openEncoder,
  packBatch,
  packingBindings,
  parseEncoderConfig,
  ROWS,
  saveClassifier,
  saveEncoder,
  trainingProgram,
  writeSafetensors,
  writeWordPieceFiles,
  type EncoderFolder,
} from '@layerwise/model';
import { assignGroups, paperGrouping, recipes } from '@layerwise/optimizers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeByHand, lossByHand, type Weights } from './pre-norm-by-hand.js';
import { preNorm } from './pre-norm.js';

const KNOWN = [...ARCHITECTURES, preNorm];
const RAW = { model_type: 'pre-norm', words: 12, width: 16, inner: 24, depth: 3, heads: 2, longest: 32 };
const config = parseEncoderConfig('config.json', RAW, KNOWN);
const TEXTS = [
  [1, 5, 6, 7, 8, 9, 2],
  [1, 10, 2],
  [1, 11, 3, 4, 2],
];
const LABELS = [0, 1, 0];
const head = denseHead('head', config.hiddenSize, 2);
const batch = packBatch(
  {
    offsets: Int32Array.of(0, 7, 10, 15),
    ids: Int32Array.from(TEXTS.flat()),
    types: new Uint8Array(15),
  },
  [0, 1, 2],
);

/** New weights of the encoder and a head, none of them 0 or 1, so that each tensor's part shows. */
const weights = new Map(
  [
    ...initializeEncoder(config, 3).map(({ name, shape, fill }) => ({ name, shape, fill })),
    ...head.tensors.map(({ name, shape }) => ({ name, shape, fill: (data: Float32Array) => data.fill(0) })),
  ].map(({ name, shape, fill }, place) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    fill(data);
    return [name, { shape, data: data.map((value, i) => value + 0.1 * Math.sin(7 * place + 3 * i)) }];
  }),
);
const doubles: Weights = Object.fromEntries(
  [...weights].map(([name, { data }]) => [name, Float64Array.from(data)]),
);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-pre-norm-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function newFolder(): Promise<EncoderFolder> {
  const folder = temporaryFolder();
  const tensors = encoderTensors(config).map(({ name, shape }) => ({
    name,
    shape,
    data: weights.get(name)!.data,
  }));
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  const pieces = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'b', 'c', 'd', 'e', 'f', 'g'];
  await writeWordPieceFiles(folder, pieces, RAW.longest);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(RAW));
  return openEncoder(folder, KNOWN);
}

function feeds() {
  const rows = new Float32Array(batch.tokens * config.hiddenSize);
  const table = weights.get('words.weight')!.data;
  referenceRows.sumRows(rows, config.hiddenSize, [{ table, indices: batch.ids }]);
  return {
    ...packingBindings(config, batch),
    [ROWS]: { data: rows, shape: [batch.tokens, config.hiddenSize] },
    targets: { data: meanTargets(LABELS, 2), shape: [3, 2] },
  };
}

describe.each<EngineName>(['onnxruntime', 'tfjs-cpu'])(
  'a pre-norm family with rotary positions on %s',
  (name) => {
    it('has the hidden states of a computation by hand', async () => {
      const engine = await startEngine(name);
      const program = hiddenStatesProgram(config);
      const fixedFeeds = Object.fromEntries(program.parameters.map(({ name }) => [name, weights.get(name)!]));
      const executable = await engine.compile(program, { fixedFeeds, fixedResults: {} });
      const found = (await executable.run(feeds(), {}))[`hidden.${RAW.depth}`]!;
      await executable.dispose();
      const expected = TEXTS.map((text) => encodeByHand(config, doubles, text));
      batch.placeOf.forEach((place, row) => {
        expected[place % 3]![Math.floor(place / 3)]!.forEach((value, i) => {
          expect(found[row * config.hiddenSize + i]).toBeCloseTo(value, 4);
        });
      });
    });

    it.each([false, true])('has its gradients, by finite differences (recompute: %s)', async (recompute) => {
      const engine = await startEngine(name);
      const program = trainingProgram({ config, head, labels: 2, recompute }, []);
      const fixedFeeds = Object.fromEntries(program.parameters.map(({ name }) => [name, weights.get(name)!]));
      const executable = await engine.compile(program, { fixedFeeds, fixedResults: {} });
      const found = await executable.run(feeds(), {});
      await executable.dispose();
      expect(found['loss']![0]).toBeCloseTo(lossByHand(config, doubles, TEXTS, LABELS), 5);
      const table = new Float32Array(doubles['words.weight']!.length);
      referenceRows.scatterAddRows(table, config.hiddenSize, batch.ids, found[gradientName(ROWS)]!);
      for (const [tensor, numbers] of Object.entries(doubles)) {
        const gradient = tensor === 'words.weight' ? table : found[gradientName(tensor)]!;
        for (let i = tensor === 'words.weight' ? 16 : 0; i < numbers.length; i += 37) {
          const at = (step: number): number => {
            const moved = numbers.map((value, place) => (place === i ? value + step : value));
            return lossByHand(config, { ...doubles, [tensor]: moved }, TEXTS, LABELS);
          };
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          expect(Math.abs(gradient[i]! - slope), `${tensor} ${i}`).toBeLessThan(
            1e-5 + 1e-3 * Math.abs(slope),
          );
        }
      }
    });
  },
);

it('its layers fall into groups, and a step of training lowers its loss', async () => {
  const encoder = await newFolder();
  const names = [...encoder.tensors.shapes, ...head.tensors].map((tensor) => tensor.name);
  expect(layerOf(config, 'blocks.1.up.weight')).toBe(1);
  expect(layerOf(config, 'words.weight')).toBe('embeddings');
  expect(layerOf(config, 'last_norm.bias')).toBe('head');
  const grouping = paperGrouping(config.layers);
  const groups = assignGroups(grouping, names, (tensor) => layerOf(config, tensor));
  expect(new Set(groups).size).toBeGreaterThan(3);

  const plan = planWeights(
    config,
    wholeVocabulary(config.vocabularySize),
    (tensor) => groups[names.indexOf(tensor)]!,
    [head],
  );
  const state = createTrainingState({
    plan,
    recipe: recipes.adam,
    limits: { texts: 3, trainedTexts: 3, length: 7 },
    sites: [],
    accumulate: false,
  });
  loadEncoder(plan, encoder.tensors, state.parameters.floats);
  const engine = await startEngine('onnxruntime');
  const trainer = await createTrainer({ engine, state, heads: [{ config, head, labels: 2 }] });
  const batches = [{ packed: batch, targets: meanTargets(LABELS, 2), labels: 2 }];
  const randomness = { seed: 1, phase: 0, step: 0 };
  const before = await trainer.backward(batches, randomness);
  const rates = grouping.groups.map(() => 0.01);
  for (let step = 1; step <= 5; step++)
    await trainStep(trainer, batches, randomness, { step, rates, clipNorm: null });
  expect(await trainer.backward(batches, randomness)).toBeLessThan(before - 0.05);
  await trainer.dispose();

  const folder = join(temporaryFolder(), 'trained');
  await saveEncoder(folder, encoder, encoderWeights(plan, encoder.tensors, state.parameters.floats));
  const again = openEncoder(folder, KNOWN);
  expect(again.tensors.readTensor('blocks.2.down.weight')).toEqual(
    viewOf(state.parameters.floats, plan.layout, 'blocks.2.down.weight'),
  );
  expect(again.tensors.readTensor('words.weight')).not.toEqual(encoder.tensors.readTensor('words.weight'));
});

it('its folders are written and read again, a classifier too, and refused where it is not handed in', async () => {
  const encoder = await newFolder();
  const tensors = encoder.tensors.shapes.map(({ name, shape }) => ({
    name,
    shape,
    data: encoder.tensors.readTensor(name),
  }));
  const folder = join(temporaryFolder(), 'classifier');
  const dense = preNorm.classifierOfDense(new Float32Array(32).fill(0.5), Float32Array.of(1, 2));
  await saveClassifier(folder, encoder, tensors, { labels: ['no', 'yes'], tensors: dense });
  const again = openEncoder(folder, KNOWN);
  expect(again.config.raw['architectures']).toEqual(['PreNormForSequenceClassification']);
  expect(again.head?.readTensor('classifier.bias')).toEqual(Float32Array.of(1, 2));
  for (const { name, data } of tensors) expect(again.tensors.readTensor(name)).toEqual(data);
  expect(() => openEncoder(folder)).toThrow(
    /model_type pre-norm, which is not supported yet \(supported: bert\)/,
  );
});

it('a family without a masked-language head says so', () => {
  expect(() => maskedLanguageProgram(config)).toThrow(InputError);
});
