/**
 * Runs the lib's programs on ragged texts, with weights of the committed fixture: what the forward tests
 * share.
 */
import {
  gradientName,
  referenceRows,
  startEngine,
  type Bindings,
  type EngineName,
  type Program,
} from '@layerwise/engine';
import {
  encoderTensors,
  BERT_NAMES,
  openEncoder,
  packBatch,
  packingBindings,
  ROWS,
  type EncoderConfig,
  type PackedBatch,
} from '../src/index.js';
import { BERT } from './folders.js';
import type { Text } from './padded-bert.js';

export interface Weight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}
export type Weights = Readonly<Record<string, Weight>>;

const encoder = openEncoder(BERT);

/** The fixture's configuration with so many layers. */
export function configOf(layers: number): EncoderConfig {
  return { ...encoder.config, layers };
}

/** The fixture's weights, with those of a dense head called `head` for this many labels. */
export function weightsOf(config: EncoderConfig, labels: number): Weights {
  const random = generator(5);
  const arbitrary = (...shape: number[]): Weight => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return { data: data.map(() => random() - 0.5), shape };
  };
  const stored = encoderTensors(config).map(({ name, shape }): [string, Weight] => [
    name,
    { data: encoder.tensors.readTensor(name), shape },
  ]);
  return {
    ...Object.fromEntries(stored),
    'head.weight': arbitrary(labels, config.hiddenSize),
    'head.bias': arbitrary(labels),
  };
}

/** Texts of these lengths, of arbitrary tokens. */
export function textsOf(lengths: readonly number[], seed = 1): Text[] {
  const random = generator(seed);
  const ids = (length: number): number[] =>
    Array.from({ length }, () => Math.floor(random() * encoder.config.vocabularySize));
  return lengths.map((length) => ({
    ids: ids(length),
    types: Array.from({ length }, (_, place) => (place > length / 2 ? 1 : 0)),
  }));
}

/** The texts as one packed batch. */
export function packed(texts: readonly Text[]): PackedBatch {
  const offsets = Int32Array.from({ length: texts.length + 1 }, (_, text) =>
    texts.slice(0, text).reduce((sum, { ids }) => sum + ids.length, 0),
  );
  const joined = {
    offsets,
    ids: Int32Array.from(texts.flatMap(({ ids }) => ids)),
    types: texts.flatMap(({ types }) => types),
  };
  return packBatch(
    joined,
    texts.map((_, text) => text),
  );
}

/** A program compiled once; each run takes a batch and further feeds. */
export async function compiled(
  engineName: EngineName,
  program: Program,
  weights: Weights,
): Promise<{
  run: (batch: PackedBatch, feeds?: Bindings) => Promise<Record<string, Float32Array>>;
  dispose: () => Promise<void>;
}> {
  const engine = await startEngine(engineName);
  const fixedFeeds = Object.fromEntries(program.parameters.map(({ name }) => [name, weights[name]!]));
  const executable = await engine.compile(program, { fixedFeeds, fixedResults: {} });
  return {
    run: (batch, feeds = {}) =>
      executable.run(
        { ...packingBindings(encoder.config, batch), ...embeddedRows(batch, weights), ...feeds },
        {},
      ),
    dispose: () => executable.dispose(),
  };
}

/** The sums of embedding rows, looked up outside the graph. */
function embeddedRows(batch: PackedBatch, weights: Weights): Bindings {
  const width = encoder.config.hiddenSize;
  const data = new Float32Array(batch.tokens * width);
  const lookups = lookupsOf(batch).map(({ name, indices }) => ({ table: weights[name]!.data, indices }));
  referenceRows.sumRows(data, width, lookups);
  return { [ROWS]: { data, shape: [batch.tokens, width] } };
}

/** Gradients by parameter, those of the tables added up from the gradient of the rows. */
export function gradientsOf(
  results: Readonly<Record<string, Float32Array>>,
  batch: PackedBatch,
  weights: Weights,
): Record<string, Float32Array> {
  const tables = lookupsOf(batch).map(({ name, indices }) => {
    const gradient = new Float32Array(weights[name]!.data.length);
    referenceRows.scatterAddRows(gradient, encoder.config.hiddenSize, indices, results[gradientName(ROWS)]!);
    return [name, gradient] as const;
  });
  const others = Object.keys(weights)
    .filter((name) => gradientName(name) in results)
    .map((name) => [name, results[gradientName(name)]!] as const);
  return Object.fromEntries([...tables, ...others]);
}

function lookupsOf(batch: PackedBatch): { name: string; indices: Int32Array }[] {
  const { words, positions, types } = BERT_NAMES.tables;
  return [
    { name: words, indices: batch.ids },
    { name: types, indices: batch.types },
    { name: positions, indices: batch.positions },
  ];
}

/** ‖found − expected‖ / ‖expected‖. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.NaN;
  const norm = (value: (place: number) => number): number =>
    Math.sqrt(Array.from(expected, (_, place) => value(place) ** 2).reduce((sum, square) => sum + square, 0));
  return norm((place) => found[place]! - expected[place]!) / norm((place) => expected[place]!);
}

/** Numbers in [0, 1) (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
