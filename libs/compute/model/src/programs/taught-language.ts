/**
 * The masked-language model (`masked-language.ts`) with a teacher: the first state of each text, projected,
 * has to point where the vector of another encoder points that read the whole text, and texts have to lie to
 * each other as the teacher's vectors do.
 *
 *   s = (P h₀ + p) / |P h₀ + p|      loss = masked loss + λ · [ 1 − mean s·t + μ · mean over pairs (s·s′ − t·t′)² ]
 *
 * t is the teacher's vector, of length 1. The first term is knowledge distillation by vectors (Reimers &
 * Gurevych 2020, with a cosine in place of squared differences), the second keeps similarities (Tung & Mori
 * 2019).
 *
 * The rows to score (`maskedBindings`) begin with all first rows; where those tell no token, their weight is
 * 0.
 */
import { linear, type Bindings, type Program } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorShape } from '../architectures/tensors.js';
import type { EncoderConfig } from '../architectures/architecture.js';
import { pickRows, take, type Tensors } from '../forward/layers.js';
import { decoderInputs, maskedLanguageProgram } from './masked-language.js';
import { float32, int32 } from './programs.js';
import { decoderLoss } from './tied-decoder.js';

const PROJECTION = 'teacher.projection';

/** What the terms of a teacher's loss count. */
export interface TeachingWeights {
  /** λ */
  readonly teacher: number;
  /** μ */
  readonly similarity: number;
}

/** P [size, h] and p [size]: used in training alone, and in no file. */
export function teacherProjection(
  { hiddenSize }: EncoderConfig,
  size: number,
): { tensors: readonly TensorShape[] } {
  return {
    tensors: [
      { name: `${PROJECTION}.weight`, shape: [size, hiddenSize], initialization: 'normal' },
      { name: `${PROJECTION}.bias`, shape: [size], initialization: 'zeros' },
    ],
  };
}

/** Loss, gradients, and `cosine`, the mean of s·t, under a teacher whose vectors have `size` numbers. */
export function taughtLanguageProgram(
  config: EncoderConfig,
  size: number,
  { teacher, similarity }: TeachingWeights,
): Program {
  const plain = maskedLanguageProgram(config);
  const projection = teacherProjection(config, size).tensors.map(({ name, shape }) => float32(name, shape));
  return {
    ...plain,
    name: 'taught-language-model',
    inputs: [
      ...plain.inputs,
      int32('textOfMasked', ['masked']),
      float32('isFirstMasked', ['masked', 1]),
      float32('teacherVectors', ['texts', size]),
      // A mean cannot be recorded over a size that varies, so its divisor is fed.
      float32('textShare', [1]),
    ],
    parameters: [...plain.parameters, ...projection],
    gradientsOf: [...plain.gradientsOf, ...projection.map(({ name }) => name)],
    compute: (tensors) => {
      const { last, decoded } = decoderInputs(config, tensors);
      const share = take<tf.Tensor1D>(tensors, 'textShare');
      const vectors = take<tf.Tensor2D>(tensors, 'teacherVectors');
      const student = pointedAt(tensors, last); // [b, size]
      const cosine = tf.mul(tf.sum(tf.mul(student, vectors)), share);
      const apart = tf.sub(
        tf.matMul(student, student, false, true),
        tf.matMul(vectors, vectors, false, true),
      ); // [b, b]
      const apartness = tf.mul(tf.sum(tf.mul(apart, apart)), tf.mul(share, share));
      const taught = tf.add(tf.sub(1, cosine), tf.mul(apartness, similarity));
      const loss = tf.add(decoderLoss(...decoded), tf.mul(tf.sum(taught), teacher));
      return { loss, cosine };
    },
  };
}

/** `cosine` without gradients. */
export function taughtScoreProgram(config: EncoderConfig, size: number): Program {
  const program = taughtLanguageProgram(config, size, { teacher: 1, similarity: 0 });
  return {
    ...program,
    name: 'taught-score',
    gradientsOf: [],
    compute: (tensors) => ({ cosine: take(program.compute(tensors), 'cosine') }),
  };
}

/** s of every text, from the last layer's rows that are scored, first ones first: [m, h] → [b, size]. */
function pointedAt(tensors: Tensors, last: tf.Tensor2D): tf.Tensor2D {
  const first = pickRows(last, {
    picked: take(tensors, 'firstRowOf'),
    placeOf: take(tensors, 'textOfMasked'),
    isPicked: take(tensors, 'isFirstMasked'),
  });
  const projected = linear(first, take(tensors, `${PROJECTION}.weight`), take(tensors, `${PROJECTION}.bias`));
  const length = tf.sqrt(tf.sum(tf.mul(projected, projected), 1, true));
  return tf.div(projected, length);
}

/** The teacher's feeds: `vectors` [texts, size] of length 1; the first `texts` of `masked` are first rows. */
export function teacherBindings(vectors: Float32Array, texts: number, masked: number): Bindings {
  return {
    textOfMasked: {
      data: Int32Array.from({ length: masked }, (_, row) => (row < texts ? row : 0)),
      shape: [masked],
    },
    isFirstMasked: { data: new Float32Array(masked).fill(1, 0, texts), shape: [masked, 1] },
    teacherVectors: { data: vectors, shape: [texts, vectors.length / texts] },
    textShare: { data: Float32Array.of(1 / texts), shape: [1] },
  };
}
