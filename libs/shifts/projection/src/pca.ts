/**
 * Principal components: the two directions of largest variance, found in the covariance matrix by power
 * iteration, the second one at right angles to the first. A direction's sign is free; as in scikit-learn, its
 * largest entry is positive.
 */
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Projector, VectorRows, Watcher } from './projector.js';
import { ticker } from './ticker.js';
import { centred } from './unit-scale.js';

/** A direction has converged once an iteration moves it by less, and is good enough after so many. */
const tolerance = 1e-13;
const maximumIterations = 20_000;
/** The part of the total variance that counts as none. */
const negligible = 1e-14;

/** No lots are drawn: `seed` changes nothing. */
export const pca: Projector = async (vectors, _options, watcher) =>
  (await principalComponents(vectors, watcher)).points;

/** Points [rows, 2], and which part of the total variance each of the two components has. */
export async function principalComponents(
  vectors: VectorRows,
  watcher: Watcher,
): Promise<{ readonly points: Float64Array; readonly explained: readonly [number, number] }> {
  const { rows, size } = vectors;
  const centredRows = centred(vectors);
  const covariance = await covarianceOf(centredRows, rows, size, watcher);
  let total = 0;
  for (let i = 0; i < size; i++) total += covariance[i * size + i]!;
  const first = await leadingDirection(covariance, size, total, null, watcher);
  const second = await leadingDirection(covariance, size, total, first.direction, watcher);

  const points = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    const vector = centredRows.subarray(row * size, (row + 1) * size);
    points[2 * row] = dot(vector, first.direction);
    points[2 * row + 1] = dot(vector, second.direction);
  }
  return { points, explained: [first.variance / total, second.variance / total] };
}

/** [size, size] of rows with mean 0. */
async function covarianceOf(values: Float64Array, rows: number, size: number, watcher: Watcher) {
  const covariance = new Float64Array(size * size);
  const tick = ticker('PCA, covariance, row', rows, watcher);
  for (let row = 0; row < rows; row++) {
    const vector = values.subarray(row * size, (row + 1) * size);
    for (let i = 0; i < size; i++) {
      const factor = vector[i]! / (rows - 1);
      for (let j = i, at = i * size + i; j < size; j++, at++)
        covariance[at] = covariance[at]! + factor * vector[j]!;
    }
    await tick(row + 1);
  }
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) covariance[i * size + j] = covariance[j * size + i]!;
  return covariance;
}

/** The direction (of length 1) of largest variance, among those at right angles to `other`. */
async function leadingDirection(
  covariance: Float64Array,
  size: number,
  total: number,
  other: Float64Array | null,
  watcher: Watcher,
) {
  // A start of no structure: an axis, say, may be at right angles to the direction that is sought.
  const random = mersenne(1);
  let direction = Float64Array.from({ length: size }, () => random.next() / 2 ** 31);
  makeUnit(direction, other);
  const tick = ticker('PCA, power iteration', maximumIterations, watcher);
  let variance = 0;
  for (let iteration = 1; iteration <= maximumIterations; iteration++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) next[i] = dot(covariance.subarray(i * size, (i + 1) * size), direction);
    variance = makeUnit(next, other);
    // Nothing but rounding varies at right angles to `other`: any direction will do.
    if (variance <= total * negligible) break;
    const moved = Math.hypot(...next.map((value, i) => value - direction[i]!));
    direction = next;
    if (moved < tolerance) break;
    await tick(iteration);
  }
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return { direction: largest < 0 ? direction.map((value) => -value) : direction, variance };
}

/** Takes from `vector` its part along `other`, brings it to length 1 and returns the length it had. */
function makeUnit(vector: Float64Array, other: Float64Array | null): number {
  if (other !== null) {
    const along = dot(vector, other);
    for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! - along * other[i]!;
  }
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! / length;
  return length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
