/**
 * Multi-head self-attention (Vaswani et al. 2017) over a packed batch (`packing.ts`), with its gradient
 * written out:
 *
 *   P = softmax(QKᵀ/√d + mask)      C = (P ∘ dropout) V
 *   dV = (P ∘ dropout)ᵀ dC          dP = (dC Vᵀ) ∘ dropout
 *   dS = P ∘ (dP − Σ dP ∘ P)        dQ = dS K/√d      dK = dSᵀ Q/√d
 *
 * Σ dP ∘ P over the places of a text is Σ dC ∘ C over the columns of a head (Dao et al. 2022, FlashAttention,
 * appendix B.2): the rows of tokens have it without a pass over [b, a, t, t].
 *
 * Rows are gathered into [t, b, a, d] (t places, b texts, a heads of d) and read as [b, a, t, d] by the
 * products.
 */
import { headProduct, timeMajor } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';

/** How rows of tokens and places of texts translate; see `PackedBatch`. */
export interface Packing {
  readonly rowAt: tf.Tensor2D; // [t, b]
  readonly placeOf: tf.Tensor1D; // [n]
  readonly isRow: tf.Tensor3D; // [t, b, 1]
  readonly attentionMask: tf.Tensor4D; // [b, 1, 1, t]
}

export interface Projections {
  /** Queries of all rows [n, h], or of every text's first row alone [b, h]. */
  readonly query: tf.Tensor2D;
  readonly key: tf.Tensor2D; // [n, h]
  readonly value: tf.Tensor2D; // [n, h]
}

/**
 * Mixes the values of each text: one row for every query row. With `firstOnly`, queries are the texts' first
 * rows [b, h]: what the last layer needs when only [CLS] is read. `dropout` [b, a, queries, t] multiplies the
 * probabilities; null keeps them all.
 */
export function attention(
  { query, key, value }: Projections,
  packing: Packing,
  heads: number,
  dropout: tf.Tensor4D | null,
  firstOnly: boolean,
): tf.Tensor2D {
  const mix = tf.customGrad((...args) => {
    const [q, k, v, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    const geometry = geometryOf(q, packing, heads);
    const { scale } = geometry;
    const queries = firstOnly ? byHead(q, geometry) : gathered(q, packing, geometry); // [t or 1, b, a, d]
    const keys = gathered(k, packing, geometry);
    const values = gathered(v, packing, geometry);
    const scores = headProduct(timed(queries), transposed(keys), scale); // [b, a, t, t]
    const probabilities = tf.softmax(tf.add<tf.Tensor4D>(scores, packing.attentionMask));
    const kept = drop(probabilities, dropout);
    const context = timeMajor(headProduct(plain(kept), timed(values), 1)); // [t or 1, b, a, d]
    const mixed = firstOnly ? rows(context, geometry) : scattered(context, packing, geometry);
    save([queries, keys, values, probabilities, kept, mixed]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] =>
      backward(dy as tf.Tensor2D, saved, { packing, geometry, dropout, firstOnly });
    return { value: mixed, gradFunc };
  });
  return mix(query, key, value);
}

interface Geometry {
  readonly texts: number;
  readonly length: number;
  readonly heads: number;
  readonly hidden: number;
  readonly scale: number;
}

interface Context {
  readonly packing: Packing;
  readonly geometry: Geometry;
  readonly dropout: tf.Tensor4D | null;
  readonly firstOnly: boolean;
}

function backward(
  dy: tf.Tensor2D,
  saved: tf.Tensor[],
  { packing, geometry, dropout, firstOnly }: Context,
): tf.Tensor[] {
  const [queries, keys, values, probabilities, kept, mixed] = saved as [
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor4D,
    tf.Tensor2D,
  ];
  const { scale } = geometry;
  const dContext = byHead(firstOnly ? dy : placed(dy, packing), geometry);
  const dProbabilities = drop(headProduct(timed(dContext), transposed(values), 1), dropout);
  const dValues = headProduct({ tensor: kept, timeMajor: false, transpose: true }, timed(dContext), 1);
  const sums = sumsByHead(tf.mul<tf.Tensor2D>(dy, mixed), geometry); // [n or b, a]
  const along = byText(firstOnly ? sums : placed(sums, packing), geometry); // [b, a, t or 1, 1]
  const dScores = tf.mul<tf.Tensor4D>(probabilities, tf.sub(dProbabilities, along));
  const dQueries = timeMajor(headProduct(plain(dScores), timed(keys), scale));
  const dKeys = headProduct({ tensor: dScores, timeMajor: false, transpose: true }, timed(queries), scale);
  return [
    firstOnly ? rows(dQueries, geometry) : scattered(dQueries, packing, geometry),
    scattered(timeMajor(dKeys), packing, geometry),
    scattered(timeMajor(dValues), packing, geometry),
  ];
}

function geometryOf(query: tf.Tensor2D, packing: Packing, heads: number): Geometry {
  const [texts, , , length] = packing.attentionMask.shape;
  const hidden = query.shape[1];
  return { texts, length, heads, hidden, scale: 1 / Math.sqrt(hidden / heads) };
}

/** [n, h] → [t, b, a, d]. */
function gathered(x: tf.Tensor2D, packing: Packing, geometry: Geometry): tf.Tensor4D {
  return byHead(tf.gather(x, packing.rowAt), geometry);
}

/** [n, c] → [t, b, c], zero (as the gradient must be) at places without a token, which read row 0 before. */
function placed(x: tf.Tensor2D, packing: Packing): tf.Tensor3D {
  return tf.mul(tf.gather(x, packing.rowAt), packing.isRow);
}

/** [n, h] → [n, a]. */
function sumsByHead(x: tf.Tensor2D, { heads, hidden }: Geometry): tf.Tensor2D {
  return tf.sum(tf.reshape<tf.Rank.R3>(x, [x.shape[0], heads, hidden / heads]), -1);
}

/** [t, b, a] → [b, a, t, 1]; [b, a] → [b, a, 1, 1]. */
function byText(x: tf.Tensor3D | tf.Tensor2D, { texts, heads }: Geometry): tf.Tensor4D {
  const times = x.rank === 3 ? x.shape[0] : 1;
  return tf.reshape(x.rank === 3 ? tf.transpose(x, [1, 2, 0]) : x, [texts, heads, times, 1]);
}

/** [t, b, h] → [t, b, a, d]; [b, h] → [1, b, a, d]. */
function byHead(x: tf.Tensor3D | tf.Tensor2D, { texts, heads, hidden }: Geometry): tf.Tensor4D {
  const times = x.rank === 3 ? x.shape[0] : 1;
  return tf.reshape(x, [times, texts, heads, hidden / heads]);
}

/** [1, b, a, d] → [b, h]. */
function rows(x: tf.Tensor4D, { texts, hidden }: Geometry): tf.Tensor2D {
  return tf.reshape(x, [texts, hidden]);
}

/** [t, b, a, d] → [n, h]. */
function scattered(x: tf.Tensor4D, packing: Packing, { texts, length, hidden }: Geometry): tf.Tensor2D {
  return tf.gather(tf.reshape<tf.Rank.R2>(x, [length * texts, hidden]), packing.placeOf);
}

function drop(probabilities: tf.Tensor4D, dropout: tf.Tensor4D | null): tf.Tensor4D {
  return dropout ? tf.mul(probabilities, dropout) : probabilities;
}

const timed = (tensor: tf.Tensor4D) => ({ tensor, timeMajor: true, transpose: false });
const transposed = (tensor: tf.Tensor4D) => ({ tensor, timeMajor: true, transpose: true });
const plain = (tensor: tf.Tensor4D) => ({ tensor, timeMajor: false, transpose: false });
