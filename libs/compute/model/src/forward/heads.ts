/**
 * Heads: from a text's [CLS] vector [b, h] to logits [b, c].
 *
 * The protocol's head is dropout and one dense layer. A Hugging Face classification folder has a pooler
 * before it, a dense layer and tanh on [CLS].
 */
import * as tf from '@tensorflow/tfjs-core';
import { HEAD_DROPOUT } from './dropout-sites.js';
import { dense, drop, type Tensors } from './encoder-forward.js';

export interface HeadTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Head {
  readonly tensors: readonly HeadTensor[];
  /** [CLS] vectors [b, h] → logits [b, c]. */
  logits(tensors: Tensors, first: tf.Tensor2D): tf.Tensor2D;
}

/** Dropout and one dense layer, whose tensors are called `name.weight` and `name.bias`. */
export function denseHead(name: string, hiddenSize: number, labels: number): Head {
  return {
    tensors: denseTensors(name, hiddenSize, labels),
    logits: (tensors, first) => dense(tensors, name, drop(tensors, HEAD_DROPOUT, first)),
  };
}

/** Hugging Face's: `pooler.dense` and tanh, then dropout and `classifier`. */
export function pooledHead(hiddenSize: number, labels: number): Head {
  const [pooler, classifier] = ['pooler.dense', 'classifier'];
  return {
    tensors: [
      ...denseTensors(pooler, hiddenSize, hiddenSize),
      ...denseTensors(classifier, hiddenSize, labels),
    ],
    logits: (tensors, first) =>
      dense(tensors, classifier, drop(tensors, HEAD_DROPOUT, tf.tanh(dense(tensors, pooler, first)))),
  };
}

function denseTensors(name: string, inputs: number, outputs: number): HeadTensor[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs] },
    { name: `${name}.bias`, shape: [outputs] },
  ];
}
