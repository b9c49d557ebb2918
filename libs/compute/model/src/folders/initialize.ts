/**
 * Random weights as Hugging Face makes them: normal noise of the config's `initializer_range`, layer norms
 * that do nothing (gain 1, bias 0), biases 0, the padding token's embedding 0.
 *
 * Every tensor has a stream of its own, seeded by seed and name, so that neither the order of filling nor the
 * presence of other tensors changes it.
 */
import { textHash } from '@layerwise/statistics';
import { encoderTensors, type EncoderConfig } from '../architectures/architecture.js';
import type { TensorShape } from '../architectures/tensors.js';
import { fillNormal } from './fill-normal.js';

/** A tensor that can be filled where it will lie. */
export interface InitialTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Overwrites `target`, which has the tensor's length. */
  readonly fill: (target: Float32Array) => void;
}

/** New weights of an encoder, in the order of `encoderTensors`. The same seed gives the same bits. */
export function initializeEncoder(config: EncoderConfig, seed: number): InitialTensor[] {
  return initializeTensors(encoderTensors(config), config, seed);
}

/** New weights of any tensors, likewise: a head's, say. */
export function initializeTensors(
  tensors: readonly TensorShape[],
  { initializerRange, paddingId }: EncoderConfig,
  seed: number,
): InitialTensor[] {
  return tensors.map(({ name, shape, initialization }) => ({
    name,
    shape,
    fill: (target) => {
      if (initialization === 'zeros') target.fill(0);
      else if (initialization === 'ones') target.fill(1);
      else fillNormal(target, initializerRange, seed ^ textHash(name));
      if (initialization !== 'normalPadded') return;
      const width = shape[1]!;
      target.fill(0, paddingId * width, (paddingId + 1) * width);
    },
  }));
}

/** New weights of a dense layer to `labels` logits: `classifier.weight`, `classifier.bias`. */
export function initializeHead(config: EncoderConfig, labels: number, seed: number): InitialTensor[] {
  const weight = {
    name: 'classifier.weight',
    shape: [labels, config.hiddenSize],
    initialization: 'normal',
  } as const;
  const bias = { name: 'classifier.bias', shape: [labels], initialization: 'zeros' } as const;
  return initializeTensors([weight, bias], config, seed);
}
