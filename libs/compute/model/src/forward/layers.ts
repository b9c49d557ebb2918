/** The layers of blocks and heads, on the named tensors of a program: dense, norm, dropout, some rows. */
import { layerNorm, linear, type Dense } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { Packing } from './attention.js';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Some rows of [n, …], as `pickRows` takes them: `picked` [k], each at most once; `placeOf` [n], `isPicked`
 * [n, 1].
 */
export interface RowPick {
  readonly picked: tf.Tensor1D;
  readonly placeOf: tf.Tensor1D;
  readonly isPicked: tf.Tensor2D;
}

/**
 * Which rows the last layer computes: all, each text's first, or (after attention, which mixes) `only` some.
 */
export interface LastLayer {
  readonly firstOnly: boolean;
  readonly only?: RowPick;
}

/** The first row of every text: [n, h] → [b, h]. */
export function firstRows(x: tf.Tensor2D, tensors: Tensors): tf.Tensor2D {
  return pickRows(x, {
    picked: take(tensors, 'firstRowOf'),
    placeOf: take(tensors, 'textOfRow'),
    isPicked: take(tensors, 'isFirstRow'),
  });
}

/**
 * Rows of x [n, h] by `picked` [k], each at most once → [k, h]. The gradient goes back by a gather too (a
 * scatter is slow or missing on some engines): `placeOf` [n] says which of the k a row became (any, where
 * none), `isPicked` [n, 1] whether.
 */
export function pickRows(x: tf.Tensor2D, { picked, placeOf, isPicked }: RowPick): tf.Tensor2D {
  const pick = tf.customGrad((...args) => {
    const [rows] = args as [tf.Tensor2D];
    const gradFunc = (dy: tf.Tensor): tf.Tensor => tf.mul(tf.gather(dy, placeOf), isPicked);
    return { value: tf.gather(rows, picked), gradFunc };
  });
  return pick(x);
}

export function packingOf(tensors: Tensors): Packing {
  return {
    rowAt: take(tensors, 'rowAt'),
    placeOf: take(tensors, 'placeOf'),
    isRow: take(tensors, 'isRow'),
    attentionMask: take(tensors, 'attentionMask'),
  };
}

/** x [n, in] → [n, out] by the layer called `name`. */
export function dense(tensors: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const { weight, bias } = parametersOf(tensors, name);
  return linear(x, weight, bias);
}

export function parametersOf(tensors: Tensors, name: string): Dense {
  return { weight: take(tensors, `${name}.weight`), bias: take(tensors, `${name}.bias`) };
}

export function norm(tensors: Tensors, name: string, x: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  return layerNorm(x, take(tensors, `${name}.weight`), take(tensors, `${name}.bias`), epsilon);
}

export function drop(tensors: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const mask = tensors[name];
  return mask ? tf.mul(x, mask) : x;
}

/** A tensor that must be there, of the rank that the caller knows. @throws RangeError naming it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a map of tensors has no ranks
export function take<T extends tf.Tensor>(tensors: Tensors, name: string): T {
  const tensor = tensors[name];
  if (!tensor) throw new RangeError(`the program has no tensor ${name}`);
  return tensor as T;
}
