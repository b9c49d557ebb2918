/**
 * BERT as its paper draws it, for comparison: texts padded to one length, [b, t, h], every operation tfjs'
 * own and differentiated by tfjs, dropout by masks of the same layout. Nothing of `src` computes here.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../src/index.js';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Token ids and types of each text. */
export interface Text {
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

/** Masks by the name of their place: [b, t, h], of the head [b, h], of probabilities [b, heads, t, t]. */
export type PaddedMasks = Readonly<Record<string, tf.Tensor>>;

export interface Padded {
  /** [b, t]: 1 for a token. */
  readonly present: tf.Tensor2D;
  /** After the embeddings and each layer: [b, t, h]. */
  readonly hidden: readonly tf.Tensor3D[];
}

export function paddedEncoder(
  config: EncoderConfig,
  weights: Tensors,
  texts: readonly Text[],
  masks: PaddedMasks = {},
): Padded {
  const length = Math.max(...texts.map(({ ids }) => ids.length));
  const pad = (values: readonly number[]): number[] =>
    Array.from({ length }, (_, place) => values[place] ?? 0);
  const grid = (rows: number[][]): tf.Tensor2D => tf.tensor2d(rows, [texts.length, length], 'int32');
  const ids = grid(texts.map((text) => pad(text.ids)));
  const types = grid(texts.map((text) => pad(text.types)));
  const places = grid(texts.map(() => Array.from({ length }, (_, place) => place)));
  const present = tf.cast<tf.Tensor2D>(grid(texts.map((text) => pad(text.ids.map(() => 1)))), 'float32');

  const table = (name: string, rows: tf.Tensor2D): tf.Tensor3D =>
    tf.gather(weights[`embeddings.${name}_embeddings.weight`]!, rows) as tf.Tensor3D;
  const dropped = (x: tf.Tensor, place: string): tf.Tensor => (masks[place] ? tf.mul(x, masks[place]) : x);
  const norm = (x: tf.Tensor, name: string): tf.Tensor3D => {
    const mean = tf.mean(x, -1, true);
    const variance = tf.mean(tf.square(tf.sub(x, mean)), -1, true);
    const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, config.layerNormEpsilon)));
    return tf.add(tf.mul(normal, weights[`${name}.weight`]!), weights[`${name}.bias`]!);
  };
  const dense = (x: tf.Tensor3D, name: string): tf.Tensor3D => {
    const weight = weights[`${name}.weight`] as tf.Tensor2D;
    const rows = tf.matMul(tf.reshape(x, [-1, weight.shape[1]]), tf.transpose(weight));
    return tf.reshape(tf.add(rows, weights[`${name}.bias`]!), [texts.length, length, weight.shape[0]]);
  };

  const embedded = tf.add(tf.add(table('word', ids), table('position', places)), table('token_type', types));
  let x = dropped(norm(embedded, 'embeddings.LayerNorm'), 'dropout.embeddings') as tf.Tensor3D;
  const hidden = [x];
  const heads = config.attentionHeads;
  const size = config.hiddenSize / heads;
  const byHead = (rows: tf.Tensor3D): tf.Tensor4D =>
    tf.transpose(tf.reshape(rows, [texts.length, length, heads, size]), [0, 2, 1, 3]);
  const unseen = tf.mul(tf.sub(1, tf.reshape(present, [texts.length, 1, 1, length])), -1e9);
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `encoder.layer.${layer}`;
    const place = `dropout.layer.${layer}`;
    const [query, key, value] = ['query', 'key', 'value'].map((role) =>
      byHead(dense(x, `${name}.attention.self.${role}`)),
    );
    const scores = tf.div(tf.matMul(query!, tf.transpose(key!, [0, 1, 3, 2])), Math.sqrt(size));
    const probabilities = dropped(tf.softmax(tf.add(scores, unseen)), `${place}.probabilities`);
    const mixed = tf.transpose(tf.matMul(probabilities, value!), [0, 2, 1, 3]);
    const context = tf.reshape<tf.Rank.R3>(mixed, [texts.length, length, config.hiddenSize]);
    const attended = dropped(dense(context, `${name}.attention.output.dense`), `${place}.attention`);
    const middle = norm(tf.add(x, attended), `${name}.attention.output.LayerNorm`);
    const inner = dense(middle, `${name}.intermediate.dense`);
    // GELU by the error function, which tfjs differentiates itself.
    const active = tf.mul<tf.Tensor3D>(tf.mul(inner, 0.5), tf.add(1, tf.erf(tf.div(inner, Math.SQRT2))));
    const output = dropped(dense(active, `${name}.output.dense`), `${place}.output`);
    x = norm(tf.add(middle, output), `${name}.output.LayerNorm`);
    hidden.push(x);
  }
  return { present, hidden };
}

/** Mean cross-entropy of a dense head on the first token: −log softmax(logits)[label]. */
export function paddedLoss(
  encoded: Padded,
  weights: Tensors,
  head: string,
  labels: readonly number[],
  masks: PaddedMasks = {},
): { loss: tf.Scalar; logits: tf.Tensor2D } {
  const last = encoded.hidden.at(-1)!;
  const [texts, , width] = last.shape;
  const first = tf.reshape(tf.slice(last, [0, 0, 0], [-1, 1, -1]), [texts, width]);
  const kept = masks['dropout.head'] ? tf.mul(first, masks['dropout.head']) : first;
  const scores = tf.matMul(kept, tf.transpose(weights[`${head}.weight`] as tf.Tensor2D));
  const logits = tf.add<tf.Tensor2D>(scores, weights[`${head}.bias`]!);
  const right = tf.oneHot(tf.tensor1d([...labels], 'int32'), logits.shape[1]);
  const chosen = tf.sum(tf.mul(tf.softmax(logits), tf.cast(right, 'float32')), -1);
  return { loss: tf.neg(tf.mean(tf.log(chosen))), logits };
}
