/**
 * The masked-language model (Devlin et al. 2019): the architecture's head on the rows of masked tokens, and
 * the table of word embeddings W as the decoder (tied),
 *
 *   logits = transform(h) · Wᵀ + b
 *
 * `maskedRows` [masked] are the packed rows to score (`maskedBindings` makes it, its inverse and the rest),
 * `tokenIds` [masked] their tokens, `weights` [masked, 1] what each counts (1/masked for a mean). What the
 * last layer does after attention is done for those rows alone. The loss is in `tied-decoder.ts`.
 */
import type { Bindings, Program } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import type * as tf from '@tensorflow/tfjs-core';
import { shapes, type EncoderConfig, type MaskedLanguageHead } from '../architectures/architecture.js';
import type { TensorShape } from '../architectures/tensors.js';
import { encode } from '../forward/encoder-forward.js';
import { take, type Tensors } from '../forward/layers.js';
import { float32, graphParameters, int32, packingInputs, ROWS } from './programs.js';
import { decoderLoss, decoderScore, type Scored } from './tied-decoder.js';

/**
 * The head's own tensors by Hugging Face's names (the decoder's weight is the word table), how new ones are
 * filled, and the class of Hugging Face's whose folders hold them.
 * @throws InputError where the architecture has no such head
 */
export function maskedLanguageHead(config: EncoderConfig): {
  className: string;
  tensors: readonly TensorShape[];
} {
  const { className, tensors } = headOf(config);
  return { className, tensors: shapes(tensors, config) };
}

function headOf({ architecture }: EncoderConfig): MaskedLanguageHead {
  if (architecture.maskedLanguage) return architecture.maskedLanguage;
  throw new InputError(`${architecture.name} has no masked-language head, so masked words cannot be told.`);
}

/** Loss and gradients; the tied table's is the decoder's part, the lookup's comes through `rows`. */
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
      float32(config.architecture.tables.words, [vocabularySize, hiddenSize]),
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
  const head = headOf(config);
  const decoded: [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, Scored] = [
    head.transform(config, tensors, last),
    take(tensors, config.architecture.tables.words),
    take(tensors, head.bias),
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
    const row = rows[place]!;
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
