/**
 * SMART's training programs (Jiang et al. 2020, "SMART: Robust and Efficient Fine-Tuning for Pre-trained
 * Natural Language Models through Principled Regularized Optimization", equations 1 to 3). With f the logits
 * under dropout as it fell,
 *
 *   loss = cross-entropy + λ · mean KLsym(f(x), f(x + δ)) + μ · mean KLsym(f(x), f̃(x))
 *
 * x are the summed embedding rows, δ a perturbation of them that `smartAscentProgram` makes worse, f̃ the
 * logits of an earlier iterate of the weights. Gradients go through f(x) and f(x + δ), not through δ or f̃.
 * The same dropout masks serve all of them, so that the divergences measure the perturbation and the way of
 * the weights, and not the masks.
 */
import { crossEntropy, type Program, type TensorSpec } from '@layerwise/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { DropoutSite } from '../forward/dropout-sites.js';
import { take, type Tensors } from '../forward/layers.js';
import {
  classify,
  float32,
  predictionProgram,
  ROWS,
  trainingProgram,
  type ClassifierOptions,
} from './programs.js';

/** Input [tokens, h]: δ. */
export const PERTURBATION = 'perturbation';
/** Input [texts, labels]: f̃(x). */
export const EARLIER_LOGITS = 'earlierLogits';
/** Input [texts, 1]: what each text counts; 1/texts for a mean. */
export const TEXT_WEIGHTS = 'textWeights';

export interface SmartWeights {
  /** λ; with 0 the program takes no `perturbation`. */
  readonly smoothness: number;
  /** μ; with 0 the program takes no `earlierLogits`. */
  readonly proximity: number;
}

/** `trainingProgram` with both terms added to its loss; a term of weight 0 is left out of the graph. */
export function smartProgram(
  options: ClassifierOptions,
  sites: readonly DropoutSite[],
  { smoothness, proximity }: SmartWeights,
): Program {
  const plain = trainingProgram(options, sites);
  const { config, labels } = options;
  return {
    ...plain,
    name: 'train-smart',
    inputs: [
      ...plain.inputs,
      ...(smoothness > 0 ? [float32(PERTURBATION, ['tokens', config.hiddenSize])] : []),
      ...(proximity > 0 ? [float32(EARLIER_LOGITS, ['texts', labels])] : []),
      ...(smoothness > 0 || proximity > 0 ? [weightsInput] : []),
    ],
    compute: (tensors) => {
      const logits = classify(options, tensors);
      let loss = crossEntropy(logits, take(tensors, 'targets'));
      const add = (weight: number, second: () => tf.Tensor2D): void => {
        if (weight > 0) loss = tf.add(loss, tf.mul(symmetricDivergence(logits, second(), tensors), weight));
      };
      add(smoothness, () => perturbedLogits(options, tensors));
      add(proximity, () => take(tensors, EARLIER_LOGITS));
      return { loss, logits };
    },
  };
}

/** Loss mean KLsym(f(x), f(x + δ)) and its gradient by δ: the way up for the inner steps. */
export function smartAscentProgram(options: ClassifierOptions, sites: readonly DropoutSite[]): Program {
  const plain = smartForwardProgram(options, sites);
  return {
    ...plain,
    name: 'smart-ascent',
    inputs: [...plain.inputs, float32(PERTURBATION, ['tokens', options.config.hiddenSize]), weightsInput],
    gradientsOf: [PERTURBATION],
    compute: (tensors) => {
      const logits = classify(options, tensors);
      return { loss: symmetricDivergence(logits, perturbedLogits(options, tensors), tensors) };
    },
  };
}

/** Logits under dropout masks: f̃ where it is fed earlier weights. */
export function smartForwardProgram(options: ClassifierOptions, sites: readonly DropoutSite[]): Program {
  const plain = predictionProgram(options);
  const masks = sites.map((site) => float32(site.name, site.shape));
  return { ...plain, name: 'smart-forward', inputs: [...plain.inputs, ...masks] };
}

const weightsInput: TensorSpec = float32(TEXT_WEIGHTS, ['texts', 1]);

function perturbedLogits(options: ClassifierOptions, tensors: Tensors): tf.Tensor2D {
  const rows = tf.add(take(tensors, ROWS), take(tensors, PERTURBATION));
  return classify(options, { ...tensors, [ROWS]: rows });
}

/**
 * Σ w (KL(p‖q) + KL(q‖p)) of logits a, b [texts, labels]. The sum of both is Σ_c (p − q)(log p − log q), and
 * as p − q sums to 0, the normalisers drop out of the second factor: Σ_c (p − q)(a − b).
 */
function symmetricDivergence(a: tf.Tensor2D, b: tf.Tensor2D, tensors: Tensors): tf.Tensor {
  const along = tf.mul(tf.sub(tf.softmax(a), tf.softmax(b)), tf.sub(a, b));
  return tf.sum(tf.mul(along, take(tensors, TEXT_WEIGHTS)));
}
