/**
 * The gradient of a sum, spread out again: dx = dy, along the axes that were summed.
 *
 * tfjs multiplies with ones of x's shape instead, an array that it fills itself: while recording, when
 * symbolic sizes are primes of six digits, it would take gigabytes, and with two such sizes no array is long
 * enough.
 */
import * as tf from '@tensorflow/tfjs-core';

tf.registerGradient({
  kernelName: 'Sum',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    if (!x || Array.isArray(dy)) throw new RangeError('a sum has one input and one output');
    // tfjs hands every kernel's attributes over as one type; these are of Sum.
    const { axis } = attributes as unknown as tf.SumAttrs;
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const kept = x.shape.map((size, place) => (axes.includes(place) ? 1 : size));
    return { x: () => tf.broadcastTo(tf.reshape(dy, kept), x.shape) };
  },
});
