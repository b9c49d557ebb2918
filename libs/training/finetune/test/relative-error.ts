/** Relative errors of arrays in tests: ‖found − expected‖ / ‖expected‖. */

/** √Σx². */
export function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}

/** @throws RangeError for arrays of different lengths */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) {
    throw new RangeError(`${found.length} numbers compared with ${expected.length}`);
  }
  return norm(found.map((value, place) => value - expected[place]!)) / norm(expected);
}
