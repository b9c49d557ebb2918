/** The protocol's head, from a text's [CLS] vector [b, h] to logits [b, c]: dropout and one dense layer. */
import type { Head, HeadTensor } from '../architectures/architecture.js';
import { HEAD_DROPOUT } from './dropout-sites.js';
import { dense, drop } from './layers.js';

/** Dropout and one dense layer, whose tensors are called `name.weight` and `name.bias`. */
export function denseHead(name: string, hiddenSize: number, labels: number): Head {
  return {
    tensors: denseTensors(name, hiddenSize, labels),
    logits: (tensors, first) => dense(tensors, name, drop(tensors, HEAD_DROPOUT, first)),
  };
}

/** `name.weight` and `name.bias` of a dense layer. */
export function denseTensors(name: string, inputs: number, outputs: number): HeadTensor[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs] },
    { name: `${name}.bias`, shape: [outputs] },
  ];
}
