/**
 * The encoder's forward pass on a packed batch (`packing.ts`): BERT's blocks (Devlin et al. 2019), each
 *
 *   x ← norm(x + dropout(dense(attention(x))))      x ← norm(x + dropout(dense(activation(dense(x)))))
 *
 * Rows of tokens [n, h] go through; the embedding tables stay outside (their rows come in summed). When only
 * [CLS] is read, the last layer computes it alone, from keys and values of all rows: the same result for
 * 1/layers less work. With `recompute` every layer but the last keeps its input alone, and its backward pass
 * computes the rest again.
 */
import { ACTIVATIONS, geluLayers, layerNorm, linear, recomputed, type Dense } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { attention, type Packing } from './attention.js';
import { EMBEDDINGS_DROPOUT, layerDropout } from './dropout-sites.js';
import type { EncoderConfig } from '../config/encoder-config.js';
import { ENCODER_NAMES, type LayerNames } from '../architectures/bert/layer-names.js';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Some rows of [n, …]: `picked` [k], each at most once; `placeOf` [n] and `isPicked` [n, 1] as `pickRows`
 * takes them.
 */
export interface RowPick {
  readonly picked: tf.Tensor1D;
  readonly placeOf: tf.Tensor1D;
  readonly isPicked: tf.Tensor2D;
}

/**
 * Which rows the last layer computes: all, the first row of each text, or (after attention, which mixes all)
 * `only` these.
 */
export interface LastLayer {
  readonly firstOnly: boolean;
  readonly only?: RowPick;
}

export interface EncodeOptions extends LastLayer {
  /** Trades a second forward pass of each layer for the memory of what it computed: the same bits. */
  readonly recompute?: boolean;
}

export interface Encoded {
  /** After the embeddings and after every layer but the last: [n, h] each. */
  readonly hidden: readonly tf.Tensor2D[];
  /**
   * After the last layer: [n, h], [b, h] when only first rows were computed, or [k, h] of the rows picked.
   */
  readonly last: tf.Tensor2D;
}

/**
 * Runs the encoder on `tensors.rows` [n, h], the sums of embedding rows. Masks that are absent drop nothing.
 */
export function encode(
  config: EncoderConfig,
  tensors: Tensors,
  { recompute = false, ...lastLayer }: EncodeOptions,
): Encoded {
  const names = ENCODER_NAMES[config.architecture];
  const packing = packingOf(tensors);
  let x = norm(tensors, names.embeddingsNorm, take(tensors, 'rows'), config);
  x = drop(tensors, EMBEDDINGS_DROPOUT, x);
  const hidden = [x];
  for (let layer = 0; layer < config.layers; layer++) {
    const isLast = layer === config.layers - 1;
    const run = recompute && !isLast ? recomputedBlock : block;
    x = run(config, tensors, packing, x, layer, isLast ? lastLayer : { firstOnly: false });
    if (!isLast) hidden.push(x);
  }
  return { hidden, last: x };
}

function block(
  config: EncoderConfig,
  tensors: Tensors,
  packing: Packing,
  x: tf.Tensor2D,
  layer: number,
  { firstOnly, only }: LastLayer,
): tf.Tensor2D {
  const kept = (rows: tf.Tensor2D): tf.Tensor2D =>
    only ? pickRows(rows, only.picked, only.placeOf, only.isPicked) : rows;
  const names = ENCODER_NAMES[config.architecture].layer;
  const named = (role: keyof LayerNames): string => names[role].replace('{layer}', String(layer));
  const apply = (role: keyof LayerNames, input: tf.Tensor2D): tf.Tensor2D =>
    dense(tensors, named(role), input);

  const read = firstOnly ? firstRows(x, tensors) : x;
  const projections = { query: apply('query', read), key: apply('key', x), value: apply('value', x) };
  const mask = tensors[layerDropout(layer, 'probabilities')] as tf.Tensor4D | undefined;
  const mixed = attention(projections, packing, config.attentionHeads, mask ?? null, firstOnly);
  const attended = drop(tensors, layerDropout(layer, 'attention'), apply('attentionOutput', kept(mixed)));
  const middle = norm(tensors, named('attentionNorm'), tf.add(kept(read), attended), config);

  const fed =
    config.activation === 'gelu'
      ? geluLayers(
          middle,
          parametersOf(tensors, named('intermediate')),
          parametersOf(tensors, named('output')),
        )
      : apply('output', ACTIVATIONS[config.activation](apply('intermediate', middle)));
  const output = drop(tensors, layerDropout(layer, 'output'), fed);
  return norm(tensors, named('outputNorm'), tf.add(middle, output), config);
}

/** The same, of which only the input is kept for the backward pass. */
const recomputedBlock: typeof block = (config, tensors, packing, x, layer, last) => {
  const names = Object.values<string>({ ...ENCODER_NAMES[config.architecture].layer }).flatMap((name) =>
    ['weight', 'bias'].map((part) => `${name.replace('{layer}', String(layer))}.${part}`),
  );
  return recomputed([x, ...names.map((name) => take(tensors, name))], (rows, ...parameters) => {
    const own = Object.fromEntries(parameters.map((parameter, place) => [names[place] ?? '', parameter]));
    return block(config, { ...tensors, ...own }, packing, rows as tf.Tensor2D, layer, last);
  });
};

/** The first row of every text: [n, h] → [b, h]. */
function firstRows(x: tf.Tensor2D, tensors: Tensors): tf.Tensor2D {
  return pickRows(x, take(tensors, 'firstRowOf'), take(tensors, 'textOfRow'), take(tensors, 'isFirstRow'));
}

/**
 * Rows of x [n, h] by `picked` [k], each at most once → [k, h]. The gradient goes back by a gather too (a
 * scatter is slow or missing on some engines): `placeOf` [n] says which of the k a row became (any, where
 * none), `isPicked` [n, 1] whether.
 */
export function pickRows(
  x: tf.Tensor2D,
  picked: tf.Tensor1D,
  placeOf: tf.Tensor1D,
  isPicked: tf.Tensor2D,
): tf.Tensor2D {
  const pick = tf.customGrad((...args) => {
    const [rows] = args as [tf.Tensor2D];
    const gradFunc = (dy: tf.Tensor): tf.Tensor => tf.mul(tf.gather(dy, placeOf), isPicked);
    return { value: tf.gather(rows, picked), gradFunc };
  });
  return pick(x);
}

function packingOf(tensors: Tensors): Packing {
  return {
    rowAt: take(tensors, 'rowAt'),
    placeOf: take(tensors, 'placeOf'),
    isRow: take(tensors, 'isRow'),
    attentionMask: take(tensors, 'attentionMask'),
  };
}

/** x [n, in] → [n, out] by the layer called `name`. */
export function dense(tensors: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const { weight, bias } = parametersOf(tensors, name);
  return linear(x, weight, bias);
}

function parametersOf(tensors: Tensors, name: string): Dense {
  return { weight: take(tensors, `${name}.weight`), bias: take(tensors, `${name}.bias`) };
}

export function norm(tensors: Tensors, name: string, x: tf.Tensor2D, config: EncoderConfig): tf.Tensor2D {
  return layerNorm(
    x,
    take(tensors, `${name}.weight`),
    take(tensors, `${name}.bias`),
    config.layerNormEpsilon,
  );
}

export function drop(tensors: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const mask = tensors[name];
  return mask ? tf.mul(x, mask) : x;
}

/** A tensor that must be there, of the rank that the caller knows. @throws RangeError naming it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a map of tensors has no ranks
export function take<T extends tf.Tensor>(tensors: Tensors, name: string): T {
  const tensor = tensors[name];
  if (!tensor) throw new RangeError(`the program has no tensor ${name}`);
  return tensor as T;
}
