/**
 * Tensors of an architecture as templates: canonical name, dimensions by what they count, how new ones are
 * filled. With a config they become shapes.
 *
 * A tensor's canonical name is Hugging Face's without the base prefix: `encoder.layer.0.output.dense.weight`.
 */

/** A dimension of a tensor, to be looked up in the config. */
export type Dimension =
  | 'vocabulary'
  | 'positions'
  | 'tokenTypes'
  | 'embedding'
  | 'hidden'
  | 'intermediate'
  /** Query, key and value side by side (GPT-2). */
  | 'threeHidden'
  | 'labels';

/**
 * How a new tensor is filled: normal noise, zeros (biases) or ones (gains of layer norms). `normalPadded` is
 * noise with zeros in the padding token's row.
 */
export type Initialization = 'normal' | 'normalPadded' | 'zeros' | 'ones';

export interface TensorTemplate {
  /** Canonical name; `{layer}` stands for the layer's number, from 0. */
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly initialization: Initialization;
}

/** One tensor of an encoder with a certain config. */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialization: Initialization;
}

/** A tensor by canonical name, with its numbers. */
export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export function normalTemplate(name: string, ...shape: Dimension[]): TensorTemplate {
  return { name, shape, initialization: 'normal' };
}

/** `name.weight` [out, in], as PyTorch's Linear has it, and `name.bias` [out]. */
export function denseTemplates(name: string, output: Dimension, input: Dimension): TensorTemplate[] {
  return [
    normalTemplate(`${name}.weight`, output, input),
    { name: `${name}.bias`, shape: [output], initialization: 'zeros' },
  ];
}

/** `name.weight` and `name.bias` of a layer norm. */
export function normTemplates(name: string, width: Dimension): TensorTemplate[] {
  return [
    { name: `${name}.weight`, shape: [width], initialization: 'ones' },
    { name: `${name}.bias`, shape: [width], initialization: 'zeros' },
  ];
}

/** The name in one layer, counted from 0. */
export function inLayer(name: string, layer: number): string {
  return name.replace('{layer}', `${layer}`);
}
