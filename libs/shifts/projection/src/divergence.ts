/**
 * What t-SNE makes small (van der Maaten and Hinton, 2008, equation 2): KL(P || Q) of a picture, with P of
 * the vectors at a perplexity. Of two pictures of the same vectors the one with less keeps neighbours better.
 */
import type { VectorRows } from './projector.js';
import { unitScale } from './unit-scale.js';

/** Halvings of the interval in which the bandwidth of a row lies. */
const HALVINGS = 60;

/**
 * Joint affinities of the vectors, [rows, rows]: each row's own are normal, at the bandwidth where their
 * entropy is that of `perplexity` equal ones; those of two rows are the mean of both, and all sum to 1.
 */
export function affinitiesOf(vectors: VectorRows, perplexity: number): Float64Array {
  const { rows, size } = vectors;
  const scaled = unitScale(vectors);
  const own = new Float64Array(rows * rows);
  const distances = new Float64Array(rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) distances[b] = squaredDistance(scaled, size, a, b);
    setAffinities(own.subarray(a * rows, (a + 1) * rows), distances, a, perplexity);
  }
  return own.map((p, i) => (p + own[(i % rows) * rows + Math.floor(i / rows)]!) / (2 * rows));
}

/** KL(P || Q) in nats; `points` [rows, 2]. */
export function divergenceOf(affinities: Float64Array, points: Float64Array): number {
  const rows = points.length / 2;
  let total = 0;
  const kernel = affinities.map((_, i) => {
    const [a, b] = [Math.floor(i / rows), i % rows];
    const q = a === b ? 0 : 1 / (1 + squaredDistance(points, 2, a, b));
    total += q;
    return q;
  });
  return affinities.reduce((sum, p, i) => (p > 0 ? sum + p * Math.log((p * total) / kernel[i]!) : sum), 0);
}

function squaredDistance(values: Float64Array, size: number, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (values[a * size + i]! - values[b * size + i]!) ** 2;
  return sum;
}

/** Fills `into`, [rows], with the affinities of the row `self`; 0 to itself. */
function setAffinities(into: Float64Array, distances: Float64Array, self: number, perplexity: number): void {
  const nearest = distances.reduce((least, d, b) => (b === self ? least : Math.min(least, d)), Infinity);
  let [low, high] = [-40, 40]; // of the binary logarithm of 1 / (2 σ²)
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const beta = 2 ** middle;
    let [sum, weighted] = [0, 0];
    for (let b = 0; b < distances.length; b++) {
      const excess = beta * (distances[b]! - nearest);
      const weight = b === self ? 0 : Math.exp(-excess);
      into[b] = weight;
      sum += weight;
      if (weight > 0) weighted += weight * excess;
    }
    for (let b = 0; b < into.length; b++) into[b] = into[b]! / sum;
    const entropy = Math.log(sum) + weighted / sum;
    if (entropy > Math.log(perplexity)) low = middle;
    else high = middle;
  }
}
