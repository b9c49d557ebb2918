/**
 * The masked-language-model loss (Devlin et al. 2019): BERT's `cls.predictions` head on the rows of masked tokens.
 *
 *   logits = norm(activation(dense(h))) · Wᵀ + b,  W the table of word embeddings (tied)
 *
 * `maskedRows` [masked] are the packed rows to score (`maskedBindings` makes it and its inverse), `tokenIds` [masked] their
 * tokens, `weights` [masked, 1] what each counts (1/masked for a mean).
 */
import { ACTIVATIONS, crossEntropy, type Bindings, type Program } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from './encoder-config.js';
import { dense, encode, norm, pickRows, take } from './encoder-forward.js';
import { ENCODER_NAMES } from './layer-names.js';
import { float32, graphParameters, int32, packingInputs, ROWS } from './programs.js';

const TRANSFORM = 'cls.predictions.transform.dense';
const TRANSFORM_NORM = 'cls.predictions.transform.LayerNorm';
const DECODER_BIAS = 'cls.predictions.bias';

/** Loss and gradients; the tied table's gradient here is the decoder's part, the lookup's comes through `rows`. */
export function maskedLanguageProgram(config: EncoderConfig): Program {
  const { hiddenSize, vocabularySize } = config;
  const words = ENCODER_NAMES[config.architecture].tables.words;
  const parameters = [
    ...graphParameters(config),
    float32(words, [vocabularySize, hiddenSize]),
    float32(`${TRANSFORM}.weight`, [hiddenSize, hiddenSize]),
    float32(`${TRANSFORM}.bias`, [hiddenSize]),
    float32(`${TRANSFORM_NORM}.weight`, [hiddenSize]),
    float32(`${TRANSFORM_NORM}.bias`, [hiddenSize]),
    float32(DECODER_BIAS, [vocabularySize]),
  ];
  return {
    name: 'masked-language-model',
    inputs: [
      ...packingInputs(config),
      int32('maskedRows', ['masked']),
      int32('maskOfRow', ['tokens']),
      float32('isMasked', ['tokens', 1]),
      int32('tokenIds', ['masked']),
      float32('weights', ['masked', 1]),
    ],
    parameters,
    gradientsOf: [ROWS, ...parameters.map((parameter) => parameter.name)],
    compute: (tensors) => {
      const { last } = encode(config, tensors, { firstOnly: false });
      const masked = pickRows(
        last,
        take(tensors, 'maskedRows'),
        take(tensors, 'maskOfRow'),
        take(tensors, 'isMasked'),
      );
      const inner = ACTIVATIONS[config.activation](dense(tensors, TRANSFORM, masked));
      const transformed = norm(tensors, TRANSFORM_NORM, inner, config);
      const scores = tf.matMul(transformed, take<tf.Tensor2D>(tensors, words), false, true);
      const logits = tf.add<tf.Tensor2D>(scores, take(tensors, DECODER_BIAS));
      const hits = tf.oneHot(take<tf.Tensor1D>(tensors, 'tokenIds'), vocabularySize) as tf.Tensor2D;
      return { loss: crossEntropy(logits, tf.mul(tf.cast(hits, 'float32'), take(tensors, 'weights'))) };
    },
  };
}

/** Feeds of the masked rows: `rows` are packed rows of a batch of `tokens`, `ids` what stood there; the loss is their mean. */
export function maskedBindings(rows: readonly number[], ids: readonly number[], tokens: number): Bindings {
  const maskOfRow = new Int32Array(tokens);
  const isMasked = new Float32Array(tokens);
  rows.forEach((row, place) => {
    maskOfRow[row] = place;
    isMasked[row] = 1;
  });
  const count = rows.length;
  return {
    maskedRows: { data: Int32Array.from(rows), shape: [count] },
    maskOfRow: { data: maskOfRow, shape: [tokens] },
    isMasked: { data: isMasked, shape: [tokens, 1] },
    tokenIds: { data: Int32Array.from(ids), shape: [count] },
    weights: { data: new Float32Array(count).fill(1 / count), shape: [count, 1] },
  };
}
