/**
 * The programs that training, evaluation and verification run: encoder, head and loss as functions of a
 * packed batch.
 *
 * Inputs besides `rows` [tokens, h] (summed embedding rows) are the batch's packing, dropout masks, and
 * `targets` [texts, labels]: the weight of each text at its label (1/texts for a mean). Every size of a batch
 * is symbolic.
 */
import { crossEntropy, type Bindings, type Program, type TensorSpec } from '@layerwise/engine';
import type * as tf from '@tensorflow/tfjs-core';
import { encoderTensors, type EncoderConfig, type Head } from '../architectures/architecture.js';
import { encode } from '../forward/encoder-forward.js';
import { take, type Tensors } from '../forward/layers.js';
import type { DropoutSite } from '../forward/dropout-sites.js';
import type { PackedBatch } from '../forward/packing.js';

type Shape = TensorSpec['shape'];
export const float32 = (name: string, shape: Shape): TensorSpec => ({ name, shape, type: 'float32' });
export const int32 = (name: string, shape: Shape): TensorSpec => ({ name, shape, type: 'int32' });

/** The gradient of `rows`, from which the embedding tables' gradients are added up outside the graph. */
export const ROWS = 'rows';

/** Specs of the inputs that `packingBindings` feeds. */
export function packingInputs(config: EncoderConfig): TensorSpec[] {
  return [
    float32(ROWS, ['tokens', config.hiddenSize]),
    int32('rowAt', ['length', 'texts']),
    int32('placeOf', ['tokens']),
    float32('isRow', ['length', 'texts', 1]),
    float32('attentionMask', ['texts', 1, 1, 'length']),
    int32('firstRowOf', ['texts']),
    int32('textOfRow', ['tokens']),
    float32('isFirstRow', ['tokens', 1]),
    ...(config.architecture.batchInputs?.specs(config) ?? []),
  ];
}

/** A packed batch as feeds; `rows` are fed apart. */
export function packingBindings(config: EncoderConfig, batch: PackedBatch): Bindings {
  const { texts, length, tokens } = batch;
  // Rows are time-major, so the first rows of all texts are the first rows of all.
  const isFirst = new Float32Array(tokens).fill(1, 0, texts);
  return {
    rowAt: { data: batch.rowAt, shape: [length, texts] },
    placeOf: { data: batch.placeOf, shape: [tokens] },
    isRow: { data: batch.isRow, shape: [length, texts, 1] },
    attentionMask: { data: batch.attentionMask, shape: [texts, 1, 1, length] },
    firstRowOf: { data: Int32Array.from({ length: texts }, (_, text) => text), shape: [texts] },
    textOfRow: {
      data: Int32Array.from({ length: tokens }, (_, row) => (row < texts ? row : 0)),
      shape: [tokens],
    },
    isFirstRow: { data: isFirst, shape: [tokens, 1] },
    ...config.architecture.batchInputs?.bindings(config, batch),
  };
}

/** The encoder's tensors that are the graph's parameters: all but the tables, looked up outside. */
export function graphParameters(config: EncoderConfig): TensorSpec[] {
  const outside = new Set<string | null>(Object.values(config.architecture.tables));
  return encoderTensors(config)
    .filter(({ name }) => !outside.has(name))
    .map(({ name, shape }) => float32(name, shape));
}

export interface ClassifierOptions {
  readonly config: EncoderConfig;
  readonly head: Head;
  readonly labels: number;
  /** Whether training keeps each layer's input alone, and computes the rest again in the backward pass. */
  readonly recompute?: boolean;
}

/** Logits [texts, labels] alone: what evaluation runs. */
export function predictionProgram(options: ClassifierOptions): Program {
  const { config, head } = options;
  return {
    name: 'predict',
    inputs: packingInputs(config),
    parameters: [...graphParameters(config), ...head.tensors.map(({ name, shape }) => float32(name, shape))],
    gradientsOf: [],
    compute: (tensors) => ({ logits: classify(options, tensors) }),
  };
}

/** Loss, logits and the gradients of `rows` and every parameter: one training step before its update. */
export function trainingProgram(options: ClassifierOptions, sites: readonly DropoutSite[]): Program {
  const forward = predictionProgram(options);
  return {
    ...forward,
    name: 'train',
    inputs: [
      ...forward.inputs,
      ...sites.map((site) => float32(site.name, site.shape)),
      float32('targets', ['texts', options.labels]),
    ],
    gradientsOf: [ROWS, ...forward.parameters.map((parameter) => parameter.name)],
    compute: (tensors) => {
      const logits = classify(options, tensors);
      return { loss: crossEntropy(logits, take(tensors, 'targets')), logits };
    },
  };
}

/** The logits [texts, labels] of a batch. */
export function classify({ config, head, recompute }: ClassifierOptions, tensors: Tensors): tf.Tensor2D {
  return head.logits(tensors, encode(config, tensors, { firstOnly: true, recompute }).last);
}

/** `hidden.0` … `hidden.L` for every row [tokens, h]: after the embeddings and after each layer. */
export function hiddenStatesProgram(config: EncoderConfig): Program {
  return {
    name: 'hidden-states',
    inputs: packingInputs(config),
    parameters: graphParameters(config),
    gradientsOf: [],
    compute: (tensors) => {
      const { hidden, last } = encode(config, tensors, { firstOnly: false });
      return Object.fromEntries([...hidden, last].map((state, layer) => [`hidden.${layer}`, state]));
    },
  };
}

/** Targets for a mean over the texts: 1/texts at each text's label. */
export function meanTargets(labels: readonly number[], classes: number): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  labels.forEach((label, text) => (targets[text * classes + label] = 1 / labels.length));
  return targets;
}
