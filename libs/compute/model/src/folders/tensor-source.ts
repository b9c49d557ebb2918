/** Where a model's tensors are read from, by name. */
import type { TensorShape } from '../architectures/tensors.js';

/** Tensors by canonical name (`encoder.layer.0.output.dense.weight`), read when they are asked for. */
export interface TensorSource {
  /** The file or index behind it, for messages. */
  readonly file: string;
  readonly shapes: readonly TensorShape[];
  /**
   * As float32. @throws InputError for a name that is not among `shapes`, and for a tensor of the encoder
   * that holds a number that is not finite. The table of words is read as it is: which of its rows matter
   * depends on the texts (`finite-weights.ts`).
   */
  readonly readTensor: (name: string) => Float32Array;
  /** The same into `target`, which has the tensor's length. */
  readonly readInto: (name: string, target: Float32Array) => void;
}
