/**
 * The activation functions that encoders' configurations name.
 *
 * GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415): x·Φ(x); its derivative is Φ(x) + x·φ(x). The others are
 * tfjs compositions, differentiated by tfjs.
 */
import * as tf from '@tensorflow/tfjs-core';

const SQRT_HALF = Math.SQRT1_2;
const INVERSE_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

type Elementwise = (x: tf.Tensor2D) => tf.Tensor2D;

const gelu: Elementwise = (x) => {
  const exact = tf.customGrad((...args) => {
    const [input, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const phi = tf.add(tf.mul(tf.erf(tf.mul(input, SQRT_HALF)), 0.5), 0.5); // Φ(x)
    save([input, phi]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [z, cumulative] = saved as [tf.Tensor, tf.Tensor];
      const density = tf.mul(tf.exp(tf.mul(tf.square(z), -0.5)), INVERSE_SQRT_TWO_PI); // φ(x)
      return tf.mul(dy, tf.add(cumulative, tf.mul(z, density)));
    };
    return { value: tf.mul(input, phi), gradFunc };
  });
  return exact(x) as tf.Tensor2D;
};

/** ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
const tanhGelu: Elementwise = (x) => {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

/** ln(1 + eˣ), safe for large x. */
const softplus: Elementwise = (x) => tf.add(tf.relu(x), tf.log(tf.add(tf.exp(tf.neg(tf.abs(x))), 1)));

/**
 * - `gelu`: x Φ(x), by the error function; `gelu_tanh` and `quick_gelu`: x σ(1.702 x), its approximations
 * - `silu`: x σ(x); `mish`: x tanh(ln(1 + eˣ)); `relu2`: relu(x)²; `relu6`: min(relu(x), 6)
 * - `leaky_relu`: slope 0.01 below zero; `linear`: x
 */
export const ACTIVATIONS = {
  gelu,
  gelu_tanh: tanhGelu,
  quick_gelu: (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
  relu: (x) => tf.relu(x),
  relu2: (x) => tf.square(tf.relu(x)),
  relu6: (x) => tf.sub(tf.relu(x), tf.relu(tf.sub(x, 6))),
  leaky_relu: (x) => tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), 0.01)),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  mish: (x) => tf.mul(x, tf.tanh(softplus(x))),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  linear: (x) => x,
} satisfies Record<string, Elementwise>;

export type ActivationName = keyof typeof ACTIVATIONS;
