/**
 * Two dense layers with GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415) between them, y = W₂ · gelu(W₁x +
 * b₁) + b₂, as one operation with its gradient written out. GELU's constant factors go into the matrix
 * products beside it, which take them for nothing: of the twelve passes over [n, inner] that GELU and its
 * derivative take alone nine are left.
 *
 *   u = (W₁x + b₁)/√2      s = 1 + erf u      gelu = u·s/√2      2 · dgelu/d(W₁x + b₁) = s + (2/√π) · u/exp u²
 */
import * as tf from '@tensorflow/tfjs-core';
import { affine, columnSums, product } from './product.js';

const SQRT_HALF = Math.SQRT1_2;
const TWO_BY_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** A dense layer: `weight` [out, in], `bias` [out]. */
export interface Dense {
  readonly weight: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

type Arguments = [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
type Saved = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];

/** `x` [n, in], `first` to [n, inner], `second` to → [n, out]. */
export function geluLayers(x: tf.Tensor2D, first: Dense, second: Dense): tf.Tensor2D {
  const layers = tf.customGrad((...args) => {
    const [input, w1, b1, w2, b2, save] = args as Arguments;
    const u = affine(input, w1, tf.mul(b1, SQRT_HALF), SQRT_HALF); // [n, inner]
    const s = tf.add<tf.Tensor2D>(tf.erf(u), 1);
    const v = tf.mul<tf.Tensor2D>(u, s);
    save([input, w1, w2, u, s, v]);
    return {
      value: affine(v, w2, b2, SQRT_HALF),
      gradFunc: (dy, saved) => backward(dy as tf.Tensor2D, saved as tf.Tensor2D[]),
    };
  });
  return layers(x, first.weight, first.bias, second.weight, second.bias) as tf.Tensor2D;
}

function backward(dy: tf.Tensor2D, saved: tf.Tensor2D[]): tf.Tensor[] {
  const [x, w1, w2, u, s, v] = saved as Saved;
  const slope = tf.add(s, tf.mul(tf.div(u, tf.exp(tf.mul(u, u))), TWO_BY_SQRT_PI)); // twice the derivative; u/∞ is 0
  const inner = tf.mul<tf.Tensor2D>(product(dy, w2), slope); // twice the gradient of W₁x + b₁
  return [
    product(inner, w1, { scale: 0.5 }),
    product(inner, x, { transposeA: true, scale: 0.5 }),
    columnSums(inner, 0.5),
    product(dy, v, { transposeA: true, scale: SQRT_HALF }),
    columnSums(dy),
  ];
}
