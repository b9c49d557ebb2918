/**
 * Cross-entropy of logits with weighted targets, with its gradient written out:
 *
 *   loss = − Σ targets · log softmax(logits)      dlogits = softmax(logits) · Σ_c targets − targets
 *
 * `targets` holds a row's weight at its label and zero elsewhere, so that a mean over rows is a weight of
 * 1/rows: no size enters the graph as a number.
 */
import * as tf from '@tensorflow/tfjs-core';

/** `logits` [b, c], `targets` [b, c] → the scalar loss. */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor {
  const weighted = tf.customGrad((...args) => {
    const [scores, wanted, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([scores, wanted]);
    const value = tf.neg(tf.sum(tf.mul(tf.logSoftmax(scores), wanted)));
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, t] = saved as [tf.Tensor2D, tf.Tensor2D];
      const expected = tf.mul(tf.softmax(x), tf.sum(t, -1, true));
      return [tf.mul(tf.sub(expected, t), dy), tf.zerosLike(t)];
    };
    return { value, gradFunc };
  });
  return weighted(logits, targets);
}
