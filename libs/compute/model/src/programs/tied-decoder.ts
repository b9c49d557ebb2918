/**
 * Cross-entropy of the tied decoder (Devlin et al. 2019), with its gradient written out so that of all [m, v]
 * values only the logits and their softmax are ever made (m scored rows, v words; w weights of the rows, e_y
 * the one at the right word):
 *
 *   logits = x Wᵀ + b      p = softmax(logits)      loss = − Σ w log p_y
 *   dx = w (p W − W_y)     dW = pᵀ (w x) − Σ_y w x      db = pᵀ w − Σ_y w
 *
 * where W_y are the rows of the right words and Σ_y adds up the rows with the same right word. One-hot
 * targets would cost several more passes over [m, v] than the products do. Used by `masked-language.ts`.
 */
import { linear } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';

/** Of each row the right word [m], its place in the flat [m · v] logits [m], the row's weight [m, 1]. */
export interface Scored {
  readonly ids: tf.Tensor1D;
  readonly places: tf.Tensor1D;
  readonly weights: tf.Tensor2D;
}

/** Below it a probability counts as this: the smallest normal float, so that a loss is at most 87 a row. */
const LEAST = 1.1754944e-38;

/** Loss of rows `x` [m, h] under the table [v, h] and the bias [v]. */
export function decoderLoss(
  x: tf.Tensor2D,
  table: tf.Tensor2D,
  bias: tf.Tensor1D,
  scored: Scored,
): tf.Tensor {
  const { ids, places, weights } = scored;
  const words = table.shape[0];
  const loss = tf.customGrad((...args) => {
    const [rows, wordRows, offsets, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const p = probabilities(rows, wordRows, offsets);
    save([rows, wordRows, p]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [r, t, q] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const w = tf.mul<tf.Tensor2D>(weights, dy);
      const weighted = tf.mul<tf.Tensor2D>(r, w);
      const perRow = tf.reshape<tf.Rank.R1>(w, [-1]);
      return [
        tf.mul(tf.sub(tf.matMul(q, t), tf.gather(t, ids)), w),
        tf.sub(tf.matMul(q, weighted, true), addedUp(weighted, ids, words)),
        tf.sub(tf.reshape(tf.matMul(q, w, true), [words]), addedUp(perRow, ids, words)),
      ];
    };
    return { value: tf.neg(tf.sum(tf.mul(logOfRight(p, places), weights))), gradFunc };
  });
  return loss(x, table, bias);
}

/** The same loss without gradients, and the weight of the rows whose likeliest word is the right one. */
export function decoderScore(
  x: tf.Tensor2D,
  table: tf.Tensor2D,
  bias: tf.Tensor1D,
  { places, weights }: Scored,
): { loss: tf.Tensor; accuracy: tf.Tensor } {
  const p = probabilities(x, table, bias);
  const hit = tf.cast(tf.greaterEqual(rightOf(p, places), tf.max(p, 1, true)), 'float32');
  return {
    loss: tf.neg(tf.sum(tf.mul(logOfRight(p, places), weights))),
    accuracy: tf.sum(tf.mul(hit, weights)),
  };
}

/** Rows with the same id summed at its place among `words`; tfjs' wasm backend has no segment sum. */
function addedUp<T extends tf.Tensor1D | tf.Tensor2D>(rows: T, ids: tf.Tensor1D, words: number): T {
  const shape = [words, ...rows.shape.slice(1)] as [number] | [number, number];
  return tf.scatterND(tf.expandDims(ids, 1), rows, shape) as T;
}

function probabilities(x: tf.Tensor2D, table: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.softmax(linear(x, table, bias));
}

/** [m, v] → [m, 1] */
function rightOf(p: tf.Tensor2D, places: tf.Tensor1D): tf.Tensor2D {
  return tf.expandDims(tf.gather(tf.reshape(p, [-1]), places), 1);
}

function logOfRight(p: tf.Tensor2D, places: tf.Tensor1D): tf.Tensor2D {
  return tf.log(tf.maximum(rightOf(p, places), LEAST));
}
