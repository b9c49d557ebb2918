/**
 * The encoder's forward pass on a packed batch (`packing.ts`), block after block as its architecture has
 * them.
 *
 * Rows of tokens [n, h] go through; the embedding tables stay outside (their rows come in summed). When only
 * [CLS] is read, the last layer computes it alone, from keys and values of all rows: the same result for
 * 1/layers less work. With `recompute` every layer but the last keeps its input alone, and its backward pass
 * computes the rest again.
 */
import { recomputed } from '@layerwise/engine';
import type * as tf from '@tensorflow/tfjs-core';
import type { Architecture, EncoderConfig } from '../architectures/architecture.js';
import { inLayer } from '../architectures/tensors.js';
import { take, type LastLayer, type Tensors } from './layers.js';

export interface EncodeOptions extends LastLayer {
  /** Trades a second forward pass of each layer for the memory of what it computed: the same bits. */
  readonly recompute?: boolean;
}

export interface Encoded {
  /** After the embeddings and after every layer but the last: [n, h] each. */
  readonly hidden: readonly tf.Tensor2D[];
  /** After the last layer: [n, h]; [b, h] of first rows alone; [k, h] of the rows picked. */
  readonly last: tf.Tensor2D;
}

/** Runs the encoder on `tensors.rows` [n, h], the sums of embedding rows. Absent masks drop nothing. */
export function encode(
  config: EncoderConfig,
  tensors: Tensors,
  { recompute = false, ...lastLayer }: EncodeOptions,
): Encoded {
  const { architecture, layers } = config;
  let x = architecture.embed(config, tensors, take(tensors, 'rows'));
  const hidden = [x];
  for (let layer = 0; layer < layers - 1; layer++) {
    x = (recompute ? recomputedBlock : architecture.block)(config, tensors, x, layer, { firstOnly: false });
    hidden.push(x);
  }
  x = architecture.block(config, tensors, x, layers - 1, lastLayer);
  return { hidden, last: architecture.finish?.(config, tensors, x) ?? x };
}

/** A block of which only the input is kept for the backward pass. */
const recomputedBlock: Architecture['block'] = (config, tensors, x, layer, last) => {
  const { architecture } = config;
  const names = architecture.layer.map(({ name }) => inLayer(name, layer));
  return recomputed([x, ...names.map((name) => take(tensors, name))], (rows, ...parameters) => {
    const own = Object.fromEntries(parameters.map((parameter, place) => [names[place]!, parameter]));
    return architecture.block(config, { ...tensors, ...own }, rows as tf.Tensor2D, layer, last);
  });
};
