/**
 * A head of this project as Hugging Face's: our head is one dense layer on the [CLS] vector, BERT's
 * `ForSequenceClassification` puts a dense layer and tanh (the pooler) before it.
 *
 * A pooler of ε·identity and a classifier divided by ε compute the same: tanh(εx)/ε = x − ε²x³/3 + …. With ε
 * = 2⁻¹⁶ both scalings are exact in float32, and for |x| ≤ 100 the rest is below 10⁻⁶ of x, under float32's
 * rounding. It is meant for prediction: the gradient that a pooler so small sees is not that of the head.
 */
import type { ClassifierTensors } from '../../folders/save-folder.js';

const EPSILON = 2 ** -16;

/**
 * @param weight [labels, hidden]
 * @param bias [labels]
 * @returns the pooler and classifier of a BERT classification folder that give the same logits
 */
export function classifierOfLinearHead(
  labels: readonly string[],
  weight: Float32Array,
  bias: Float32Array,
): ClassifierTensors {
  const hidden = weight.length / labels.length;
  const pooler = new Float32Array(hidden * hidden);
  for (let i = 0; i < hidden; i++) pooler[i * hidden + i] = EPSILON;
  return {
    labels,
    tensors: [
      { name: 'pooler.dense.weight', shape: [hidden, hidden], data: pooler },
      { name: 'pooler.dense.bias', shape: [hidden], data: new Float32Array(hidden) },
      {
        name: 'classifier.weight',
        shape: [labels.length, hidden],
        data: weight.map((value) => value / EPSILON),
      },
      { name: 'classifier.bias', shape: [labels.length], data: bias },
    ],
  };
}
