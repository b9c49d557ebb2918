/**
 * Recomputation (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost", arXiv 1604.06174): what
 * lies between a function's inputs and its result is forgotten after the forward pass, and the backward pass
 * computes it again. The same bits for less memory and one more forward pass.
 */
import * as tf from '@tensorflow/tfjs-core';
import { recordKernel, type Lowering, type OwnLowerings } from '../lowerings/kernels.js';
import { isRecording } from '../recording/recorder.js';

declare module '../lowerings/kernels.js' {
  interface OwnLowerings {
    readonly RunAfter: Lowering<'x' | 'signal'>;
  }
}

/**
 * `compute(...inputs)`, whose backward pass begins with computing it again.
 * @param inputs all that `compute` is to be differentiated by; the first must have the shape of its result
 * @throws RangeError where it has not
 */
export function recomputed<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  compute: (...inputs: tf.Tensor[]) => T,
): T {
  const forgetful = tf.customGrad((...args) => {
    const tensors = args.slice(0, -1) as tf.Tensor[];
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const value = compute(...tensors);
    save(tensors);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [first, ...rest] = saved as [tf.Tensor, ...tf.Tensor[]];
      return withOwnTape(() => tf.grads(compute)([runAfter(first, upstream), ...rest], upstream));
    };
    return { value, gradFunc };
  });
  return forgetful(...inputs);
}

/**
 * `x` as soon as `signal`, of the same shape, is there. Without it a compiled graph would be free to compute
 * everything again at once, or to see that it need not.
 */
function runAfter(x: tf.Tensor, signal: tf.Tensor): tf.Tensor {
  if (!tf.util.arraysEqual(x.shape, signal.shape))
    throw new RangeError(
      `what is recomputed takes [${x.shape.join(', ')}] and gives [${signal.shape.join(', ')}]; both must be equal`,
    );
  return isRecording() ? (recordKernel('RunAfter', { x, signal }, {}) as tf.Tensor) : x;
}

/** `x` once `signal` is there: a Reshape to the same shape, which is read off `signal` and moves nothing. */
export const lowerRunAfter: OwnLowerings['RunAfter'] = ({ recorder, inputs: { x, signal } }) => {
  const shape = recorder.graph.emit('Shape', [recorder.nameOf(signal)], 'int64', [signal.shape.length]);
  return recorder.emit('Reshape', [x, shape], x.shape, x.dtype);
};

/** tfjs keeps one tape, and throws it away at the end of a differentiation: here that of the one going on. */
function withOwnTape<T>(differentiate: () => T): T {
  const { state } = tf.engine();
  const { activeTape } = state;
  try {
    return differentiate();
  } finally {
    state.activeTape = activeTape;
  }
}
