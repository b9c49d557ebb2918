/**
 * The masked-language model (Devlin et al. 2019): BERT's `cls.predictions` head on the rows of masked tokens.
 *
 *   logits = norm(activation(dense(h))) · Wᵀ + b,  W the table of word embeddings (tied)
 *
 * `maskedRows` [masked] are the packed rows to score (`maskedBindings` makes it, its inverse and the rest),
 * `tokenIds` [masked] their tokens, `weights` [masked, 1] what each counts (1/masked for a mean). What the
 * last layer does after attention is done for those rows alone. The loss is in `tied-decoder.ts`.
 */
import { ACTIVATIONS, type Bindings, type Program } from '@layerwise/engine';
import type * as tf from '@tensorflow/tfjs-core';
import type { TensorShape } from '../architectures/architecture.js';
import type { EncoderConfig } from '../config/encoder-config.js';
import { dense, encode, norm, take, type Tensors } from '../forward/encoder-forward.js';
import { ENCODER_NAMES } from '../architectures/bert/layer-names.js';
import { float32, graphParameters, int32, packingInputs, ROWS } from './programs.js';
import { decoderLoss, decoderScore, type Scored } from './tied-decoder.js';

const TRANSFORM = 'cls.predictions.transform.dense';
const TRANSFORM_NORM = 'cls.predictions.transform.LayerNorm';
const DECODER_BIAS = 'cls.predictions.bias';

/**
 * The head's own tensors by Hugging Face's names (the decoder's weight is the word table), and how new ones
 * are filled.
 */
export function maskedLanguageHead({ hiddenSize, vocabularySize }: EncoderConfig): {
  tensors: readonly TensorShape[];
} {
  return {
    tensors: [
      { name: `${TRANSFORM}.weight`, shape: [hiddenSize, hiddenSize], initialization: 'normal' },
      { name: `${TRANSFORM}.bias`, shape: [hiddenSize], initialization: 'zeros' },
      { name: `${TRANSFORM_NORM}.weight`, shape: [hiddenSize], initialization: 'ones' },
      { name: `${TRANSFORM_NORM}.bias`, shape: [hiddenSize], initialization: 'zeros' },
      { name: DECODER_BIAS, shape: [vocabularySize], initialization: 'zeros' },
    ],
  };
}

/**
 * Loss and gradients; the tied table's gradient here is the decoder's part, the lookup's comes through
 * `rows`.
 */
export function maskedLanguageProgram(config: EncoderConfig): Program {
  const { parameters, ...forward } = maskedScoreProgram(config);
  return {
    ...forward,
    parameters,
    name: 'masked-language-model',
    gradientsOf: [ROWS, ...parameters.map((parameter) => parameter.name)],
    compute: (tensors) => ({ loss: decoderLoss(...decoderInputs(config, tensors).decoded) }),
  };
}

/** Loss, and the share of masked tokens whose likeliest word is the right one (`accuracy`); no gradients. */
export function maskedScoreProgram(config: EncoderConfig): Program {
  const { hiddenSize, vocabularySize } = config;
  return {
    name: 'masked-language-score',
    inputs: [
      ...packingInputs(config),
      int32('maskedRows', ['masked']),
      int32('maskOfRow', ['tokens']),
      float32('isMasked', ['tokens', 1]),
      int32('tokenIds', ['masked']),
      int32('tokenPlaces', ['masked']),
      float32('weights', ['masked', 1]),
    ],
    parameters: [
      ...graphParameters(config),
      float32(ENCODER_NAMES[config.architecture].tables.words, [vocabularySize, hiddenSize]),
      ...maskedLanguageHead(config).tensors.map(({ name, shape }) => float32(name, shape)),
    ],
    gradientsOf: [],
    compute: (tensors) => decoderScore(...decoderInputs(config, tensors).decoded),
  };
}

/** The last layer's scored rows [m, h], and what `tied-decoder.ts` makes a loss of. */
export function decoderInputs(
  config: EncoderConfig,
  tensors: Tensors,
): { last: tf.Tensor2D; decoded: [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, Scored] } {
  const only = {
    picked: take<tf.Tensor1D>(tensors, 'maskedRows'),
    placeOf: take<tf.Tensor1D>(tensors, 'maskOfRow'),
    isPicked: take<tf.Tensor2D>(tensors, 'isMasked'),
  };
  const { last } = encode(config, tensors, { firstOnly: false, only });
  const inner = ACTIVATIONS[config.activation](dense(tensors, TRANSFORM, last));
  const decoded: [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, Scored] = [
    norm(tensors, TRANSFORM_NORM, inner, config),
    take(tensors, ENCODER_NAMES[config.architecture].tables.words),
    take(tensors, DECODER_BIAS),
    {
      ids: take(tensors, 'tokenIds'),
      places: take(tensors, 'tokenPlaces'),
      weights: take(tensors, 'weights'),
    },
  ];
  return { last, decoded };
}

/**
 * Feeds of the masked rows: `rows` are packed rows of a batch of `tokens`, `ids` what stood there, of a
 * vocabulary of `words`; `weights` what each counts, by default alike, so that the loss is their mean.
 */
export function maskedBindings(
  rows: ArrayLike<number>,
  ids: ArrayLike<number>,
  tokens: number,
  words: number,
  weights: Float32Array = new Float32Array(rows.length).fill(1 / rows.length),
): Bindings {
  const maskOfRow = new Int32Array(tokens);
  const isMasked = new Float32Array(tokens);
  const count = rows.length;
  for (let place = 0; place < count; place++) {
    const row = rows[place] ?? 0;
    maskOfRow[row] = place;
    isMasked[row] = 1;
  }
  return {
    maskedRows: { data: Int32Array.from(rows), shape: [count] },
    maskOfRow: { data: maskOfRow, shape: [tokens] },
    isMasked: { data: isMasked, shape: [tokens, 1] },
    tokenIds: { data: Int32Array.from(ids), shape: [count] },
    tokenPlaces: { data: Int32Array.from(ids, (id, place) => place * words + id), shape: [count] },
    weights: { data: weights, shape: [count, 1] },
  };
}
