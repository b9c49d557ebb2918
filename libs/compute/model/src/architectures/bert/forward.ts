/**
 * BERT's forward pass (Devlin et al. 2019) on a packed batch: sums of embeddings are normed, then each block
 * norms after its sums,
 *
 *   x ← norm(x + dropout(dense(attention(x))))      x ← norm(x + dropout(dense(activation(dense(x)))))
 *
 * Every token sees all tokens of its text.
 */
import { ACTIVATIONS, geluLayers } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../../forward/attention.js';
import { EMBEDDINGS_DROPOUT, layerDropout } from '../../forward/dropout-sites.js';
import {
  dense,
  drop,
  firstRows,
  norm,
  packingOf,
  parametersOf,
  pickRows,
  type Tensors,
} from '../../forward/layers.js';
import type { Architecture, EncoderConfig } from '../architecture.js';
import { inLayer } from '../tensors.js';
import { BERT_NAMES } from './names.js';

export function embed(config: EncoderConfig, tensors: Tensors, rows: tf.Tensor2D): tf.Tensor2D {
  const normed = norm(tensors, BERT_NAMES.embeddingsNorm, rows, config.layerNormEpsilon);
  return drop(tensors, EMBEDDINGS_DROPOUT, normed);
}

export const block: Architecture['block'] = (config, tensors, x, layer, { firstOnly, only }) => {
  const kept = (rows: tf.Tensor2D): tf.Tensor2D => (only ? pickRows(rows, only) : rows);
  type Role = keyof typeof BERT_NAMES.layer;
  const named = (role: Role): string => inLayer(BERT_NAMES.layer[role], layer);
  const apply = (role: Role, input: tf.Tensor2D): tf.Tensor2D => dense(tensors, named(role), input);

  const read = firstOnly ? firstRows(x, tensors) : x;
  const projections = { query: apply('query', read), key: apply('key', x), value: apply('value', x) };
  const mask = tensors[layerDropout(layer, 'probabilities')] as tf.Tensor4D | undefined;
  const mixed = attention(projections, packingOf(tensors), config.attentionHeads, mask ?? null, firstOnly);
  const attended = drop(tensors, layerDropout(layer, 'attention'), apply('attentionOutput', kept(mixed)));
  const sum = tf.add<tf.Tensor2D>(kept(read), attended);
  const middle = norm(tensors, named('attentionNorm'), sum, config.layerNormEpsilon);

  const fed =
    config.activation === 'gelu'
      ? geluLayers(
          middle,
          parametersOf(tensors, named('intermediate')),
          parametersOf(tensors, named('output')),
        )
      : apply('output', ACTIVATIONS[config.activation](apply('intermediate', middle)));
  const output = drop(tensors, layerDropout(layer, 'output'), fed);
  return norm(tensors, named('outputNorm'), tf.add(middle, output), config.layerNormEpsilon);
};
