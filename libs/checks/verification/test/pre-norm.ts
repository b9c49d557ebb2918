/**
 * A family of encoders that is in no registry, written through the public interface of `@layerwise/model`
 * alone: norms before attention and before the dense layers (Xiong et al. 2020), rotary positions (Su et al.
 * 2021) in place of a table, and attention that sees WINDOW places to each side.
 *
 *   x ← x + dense(attention(norm(x)))      x ← x + dense(silu(dense(norm(x))))      at the end norm(x)
 */
import { ACTIVATIONS } from '@layerwise/engine';
import {
  attention,
  dense,
  denseHead,
  denseTemplates,
  firstRows,
  inLayer,
  norm,
  normTemplates,
  packingOf,
  pickRows,
  take,
  type Architecture,
  type EncoderConfig,
  type PackedBatch,
  type Tensors,
} from '@layerwise/model';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

export const WINDOW = 2;
const BASE = 10_000;

const schema = z.object({
  words: z.number(),
  width: z.number(),
  inner: z.number(),
  depth: z.number(),
  heads: z.number(),
  longest: z.number(),
});

const name = (part: string): string => `blocks.{layer}.${part}`;

export const preNorm: Architecture = {
  name: 'pre-norm',
  basePrefix: 'model.',
  encoderClass: 'PreNormModel',
  classifierClass: 'PreNormForSequenceClassification',
  readConfig: (_, raw) => {
    const { words, width, inner, depth, heads, longest } = schema.parse(raw);
    return {
      vocabularySize: words,
      embeddingSize: width,
      hiddenSize: width,
      intermediateSize: inner,
      layers: depth,
      attentionHeads: heads,
      activation: 'silu',
      maximumPositions: longest,
      tokenTypes: 0,
      layerNormEpsilon: 1e-5,
      hiddenDropout: 0,
      attentionDropout: 0,
      classifierDropout: 0,
      initializerRange: 0.3,
      paddingId: 0,
      raw,
    };
  },
  maskToken: '<mask>',
  tables: { words: 'words.weight', positions: null, types: null },
  positionOffset: 0,
  embeddings: [{ name: 'words.weight', shape: ['vocabulary', 'embedding'], initialization: 'normalPadded' }],
  layer: [
    ...normTemplates(name('norm_attention'), 'hidden'),
    ...['query', 'key', 'value', 'mixed'].flatMap((part) => denseTemplates(name(part), 'hidden', 'hidden')),
    ...normTemplates(name('norm_inner'), 'hidden'),
    ...denseTemplates(name('up'), 'intermediate', 'hidden'),
    ...denseTemplates(name('down'), 'hidden', 'intermediate'),
  ],
  afterLayers: normTemplates('last_norm', 'hidden'),
  classifier: denseTemplates('classifier', 'labels', 'hidden').map((one) => ({ ...one, underPrefix: false })),
  renames: [],
  unused: [],
  batchInputs: {
    specs: ({ hiddenSize }) => [
      { name: 'rotary.cos', shape: ['tokens', hiddenSize], type: 'float32' },
      { name: 'rotary.sin', shape: ['tokens', hiddenSize], type: 'float32' },
      { name: 'window', shape: [1, 1, 'length', 'length'], type: 'float32' },
      { name: 'window.first', shape: [1, 1, 1, 'length'], type: 'float32' },
    ],
    bindings: (config, batch) => {
      const window = Float32Array.from({ length: batch.length ** 2 }, (_, i) =>
        Math.abs((i % batch.length) - Math.floor(i / batch.length)) <= WINDOW ? 0 : -1e9,
      );
      return {
        'rotary.cos': angles(config, batch, Math.cos),
        'rotary.sin': angles(config, batch, Math.sin),
        window: { data: window, shape: [1, 1, batch.length, batch.length] },
        'window.first': { data: window.slice(0, batch.length), shape: [1, 1, 1, batch.length] },
      };
    },
  },
  embed: (_config, _tensors, rows) => rows,
  block: (config, tensors, x, layer, { firstOnly, only }) => {
    const kept = (rows: tf.Tensor2D): tf.Tensor2D => (only ? pickRows(rows, only) : rows);
    const apply = (part: string, rows: tf.Tensor2D): tf.Tensor2D =>
      dense(tensors, inLayer(name(part), layer), rows);
    const normed = (part: string, rows: tf.Tensor2D): tf.Tensor2D =>
      norm(tensors, inLayer(name(part), layer), rows, config.layerNormEpsilon);
    const first = (rows: tf.Tensor2D): tf.Tensor2D => (firstOnly ? firstRows(rows, tensors) : rows);

    const all = normed('norm_attention', x);
    const projections = {
      query: rotated(config, tensors, apply('query', first(all)), first),
      key: rotated(config, tensors, apply('key', all), (rows) => rows),
      value: apply('value', all),
    };
    const packing = packingOf(tensors);
    const window = take<tf.Tensor4D>(tensors, firstOnly ? 'window.first' : 'window');
    const local = { ...packing, attentionMask: tf.add<tf.Tensor4D>(packing.attentionMask, window) };
    const mixed = kept(attention(projections, local, config.attentionHeads, null, firstOnly));
    const middle = tf.add<tf.Tensor2D>(kept(first(x)), apply('mixed', mixed));
    const inner = ACTIVATIONS[config.activation](apply('up', normed('norm_inner', middle)));
    return tf.add(middle, apply('down', inner));
  },
  finish: (config, tensors, x) => norm(tensors, 'last_norm', x, config.layerNormEpsilon),
  classifierHead: ({ hiddenSize }, labels) => denseHead('classifier', hiddenSize, labels),
  classifierOfDense: (weight, bias) => [
    { name: 'classifier.weight', shape: [bias.length, weight.length / bias.length], data: weight },
    { name: 'classifier.bias', shape: [bias.length], data: bias },
  ],
  maskedLanguage: null,
};

/** The angle of dimension i at a place: the two halves of a head turn together. */
export function angle({ hiddenSize, attentionHeads }: EncoderConfig, place: number, i: number): number {
  const half = hiddenSize / attentionHeads / 2;
  return place * BASE ** -((i % half) / half);
}

function angles(
  config: EncoderConfig,
  { positions, tokens }: PackedBatch,
  of: (angle: number) => number,
): { data: Float32Array; shape: number[] } {
  const width = config.hiddenSize;
  const data = Float32Array.from({ length: tokens * width }, (_, i) =>
    of(angle(config, positions[Math.floor(i / width)]!, i % width)),
  );
  return { data, shape: [tokens, width] };
}

/**
 * x cos + (−second half, first half) sin, head by head. `rowsOf` picks the angles that belong to x's rows.
 */
function rotated(
  { hiddenSize, attentionHeads }: EncoderConfig,
  tensors: Tensors,
  x: tf.Tensor2D,
  rowsOf: (rows: tf.Tensor2D) => tf.Tensor2D,
): tf.Tensor2D {
  const [cos, sin] = [rowsOf(take(tensors, 'rotary.cos')), rowsOf(take(tensors, 'rotary.sin'))];
  const heads = tf.reshape<tf.Rank.R3>(x, [x.shape[0], attentionHeads, hiddenSize / attentionHeads]);
  const [a, b] = tf.split(heads, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
  const turned = tf.reshape<tf.Rank.R2>(tf.concat([tf.neg(b), a], 2), [x.shape[0], hiddenSize]);
  return tf.add(tf.mul(x, cos), tf.mul(turned, sin));
}
