/**
 * The program that turns texts into vectors: the encoder's last layer, of which the first row is read ([CLS],
 * as Kenneweg et al. cluster by) or the mean over all of a text's tokens, special ones included (Reimers and
 * Gurevych 2019).
 */
import type { Program } from '@layerwise/engine';
import type { Pooling } from '../options.js';
import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '../architectures/architecture.js';
import { encode } from '../forward/encoder-forward.js';
import { take, type Tensors } from '../forward/layers.js';
import { graphParameters, packingInputs } from './programs.js';

/** `vectors` [texts, h] of a packed batch. With `cls`, the last layer is computed for first rows alone. */
export function embeddingProgram(config: EncoderConfig, pooling: Pooling): Program {
  return {
    name: `embed-${pooling}`,
    inputs: packingInputs(config),
    parameters: graphParameters(config),
    gradientsOf: [],
    compute: (tensors) => {
      const { last } = encode(config, tensors, { firstOnly: pooling === 'cls' });
      return { vectors: pooling === 'cls' ? last : meanOfTexts(last, tensors) };
    },
  };
}

/** [n, h] → [b, h]: rows are put at their places [t, b, h], where those without a token count nothing. */
function meanOfTexts(rows: tf.Tensor2D, tensors: Tensors): tf.Tensor2D {
  const isRow = take<tf.Tensor3D>(tensors, 'isRow'); // [t, b, 1]
  const placed = tf.mul<tf.Tensor3D>(tf.gather(rows, take<tf.Tensor2D>(tensors, 'rowAt')), isRow);
  return tf.div(tf.sum(placed, 0), tf.sum(isRow, 0));
}
