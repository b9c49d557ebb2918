/**
 * BERT's heads. A classification folder has a pooler, a dense layer and tanh on [CLS], before the dense layer
 * that gives logits. A masked-language folder has, on the rows of masked tokens h,
 *
 *   logits = norm(activation(dense(h))) · Wᵀ + b,  W the table of words
 */
import { ACTIVATIONS } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import { HEAD_DROPOUT } from '../../forward/dropout-sites.js';
import { denseTensors } from '../../forward/heads.js';
import { dense, drop, norm } from '../../forward/layers.js';
import type { EncoderConfig, Head, MaskedLanguageHead } from '../architecture.js';
import { denseTemplates, normTemplates, type FloatTensor } from '../tensors.js';
import { BERT_NAMES } from './names.js';

const { pooler, classifier, maskedTransform, maskedNorm, maskedBias } = BERT_NAMES;

/** Pooler, then dropout and classifier. */
export function classifierHead({ hiddenSize }: Pick<EncoderConfig, 'hiddenSize'>, labels: number): Head {
  return {
    tensors: [
      ...denseTensors(pooler, hiddenSize, hiddenSize),
      ...denseTensors(classifier, hiddenSize, labels),
    ],
    logits: (tensors, first) =>
      dense(tensors, classifier, drop(tensors, HEAD_DROPOUT, tf.tanh(dense(tensors, pooler, first)))),
  };
}

const EPSILON = 2 ** -16;

/**
 * A head of one dense layer as pooler and classifier that give the same logits.
 *
 * A pooler of ε·identity and a classifier divided by ε compute the same: tanh(εx)/ε = x − ε²x³/3 + …. With ε
 * = 2⁻¹⁶ both scalings are exact in float32, and for |x| ≤ 100 the rest is below 10⁻⁶ of x, under float32's
 * rounding. It is meant for prediction: the gradient that a pooler so small sees is not that of the head.
 *
 * @param weight [labels, hidden]
 * @param bias [labels]
 */
export function classifierOfDense(weight: Float32Array, bias: Float32Array): FloatTensor[] {
  const labels = bias.length;
  const hidden = weight.length / labels;
  const identity = new Float32Array(hidden * hidden);
  for (let i = 0; i < hidden; i++) identity[i * hidden + i] = EPSILON;
  return [
    { name: `${pooler}.weight`, shape: [hidden, hidden], data: identity },
    { name: `${pooler}.bias`, shape: [hidden], data: new Float32Array(hidden) },
    {
      name: `${classifier}.weight`,
      shape: [labels, hidden],
      data: weight.map((value) => value / EPSILON),
    },
    { name: `${classifier}.bias`, shape: [labels], data: bias },
  ];
}

export const maskedLanguage: MaskedLanguageHead = {
  className: 'BertForMaskedLM',
  tensors: [
    ...denseTemplates(maskedTransform, 'hidden', 'hidden'),
    ...normTemplates(maskedNorm, 'hidden'),
    { name: maskedBias, shape: ['vocabulary'], initialization: 'zeros' },
  ],
  bias: maskedBias,
  transform: (config, tensors, rows) => {
    const inner = ACTIVATIONS[config.activation](dense(tensors, maskedTransform, rows));
    return norm(tensors, maskedNorm, inner, config.layerNormEpsilon);
  },
};
