/**
 * Which centre is nearest to each row: the step of K-means that takes the time, as one matrix product.
 *
 * |x − c|² is smallest where x·(c − r) − (r·(c − r) + ½|c − r|²) is largest, for any r that is the same for
 * all centres; r is their mean, so that the numbers that are multiplied are small. The product is the
 * engine's, in float32, with whatever order of sums it likes. Its rounding error is at most γ|x||c − r| with
 * γ = (size + 4)·2⁻²⁴ (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), so where the two best
 * centres differ by more, the float64 distance says the same; the other rows (one in a thousand or so) are
 * decided by float64 distances. So the answer is float64's for every row, on any number of threads.
 */
import { linear, startEngine, type Program } from '@layerwise/engine';
import { rowCount, squaredDistance, type Points } from './points.js';

type Matrix = Parameters<typeof linear>[0];
type Row = Parameters<typeof linear>[2];

/** Rows a run of the engine: the scores of a block stay in the cache. */
const BLOCK_ROWS = 8192;

export interface NearestByProduct {
  /** Writes each row's nearest centre, the lower of two that are as near. `centres` is [k, size]. */
  assign(centres: Float64Array, assignment: Int32Array): Promise<void>;
  /** Frees what the engine holds. */
  dispose(): Promise<void>;
}

/** Compiles the product of these points and k centres. */
export async function startNearest(points: Points, k: number, threads: number): Promise<NearestByProduct> {
  const { size } = points;
  const engine = await startEngine('onnxruntime', { threads });
  const directions = new Float32Array(k * size); // c − r
  const executable = await engine.compile(productWith(size, k), {
    fixedFeeds: {
      directions: { data: directions, shape: [k, size] },
      zero: { data: new Float32Array(k), shape: [k] },
    },
    fixedResults: {},
  });
  const rows = rowCount(points);
  const lengths = Float64Array.from({ length: rows }, (_, row) => lengthOf(points, row));
  const scores = new Float32Array(Math.min(BLOCK_ROWS, rows) * k);
  return {
    async assign(centres, assignment) {
      const { offsets, longest } = relativeTo(centres, k, directions);
      for (let first = 0; first < rows; first += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, rows - first);
        const x = valuesOf(points, first, count);
        const results = { scores: { data: scores.subarray(0, count * k), shape: [count, k] } };
        await executable.run({ x }, results);
        chooseNearest(points, centres, { scores, offsets, longest, lengths, first, count }, assignment);
      }
    },
    dispose: () => executable.dispose(),
  };
}

/** Without an engine: float64 distances, for few rows. */
export function assignExactly(points: Points, centres: Float64Array, assignment: Int32Array): void {
  const rows = rowCount(points);
  for (let row = 0; row < rows; row++) assignment[row] = nearestExactly(points, row, centres);
}

/** x [rows, size] · directionsᵀ [size, k]. */
function productWith(size: number, k: number): Program {
  return {
    name: 'nearest centres',
    inputs: [{ name: 'x', shape: ['rows', size], type: 'float32' }],
    parameters: [
      { name: 'directions', shape: [k, size], type: 'float32' },
      { name: 'zero', shape: [k], type: 'float32' },
    ],
    gradientsOf: [],
    compute: ({ x, directions, zero }) => ({
      scores: linear(x as Matrix, directions as Matrix, zero as Row),
    }),
  };
}

function valuesOf({ size, values }: Points, first: number, count: number) {
  return { data: values.subarray(first * size, (first + count) * size), shape: [count, size] };
}

/** Fills `directions` with c − r; gives r·(c − r) + ½|c − r|² of each centre and the largest |c − r|. */
function relativeTo(centres: Float64Array, k: number, directions: Float32Array) {
  const size = centres.length / k;
  const reference = new Float64Array(size);
  centres.forEach((value, i) => (reference[i % size] = reference[i % size]! + value / k));
  const offsets = new Float64Array(k);
  let longest = 0;
  for (let centre = 0; centre < k; centre++) {
    let [along, square] = [0, 0];
    for (let j = 0; j < size; j++) {
      const r = reference[j]!;
      const difference = centres[centre * size + j]! - r;
      directions[centre * size + j] = difference;
      along += r * difference;
      square += difference * difference;
    }
    offsets[centre] = along + square / 2;
    longest = Math.max(longest, Math.sqrt(square));
  }
  return { offsets, longest };
}

interface Block {
  /** [count, k], without the offsets */
  readonly scores: Float32Array;
  readonly offsets: Float64Array;
  /** The largest |c − r|. */
  readonly longest: number;
  /** [rows]: |x| */
  readonly lengths: Float64Array;
  readonly first: number;
  readonly count: number;
}

function chooseNearest(points: Points, centres: Float64Array, block: Block, assignment: Int32Array): void {
  const { size } = points;
  const { scores, offsets, longest, lengths, first, count } = block;
  const k = offsets.length;
  // Twice the error of one score, and what float32 loses below its smallest normal number, for |x| = 1.
  const relative = 2 * (size + 4) * 2 ** -24 * longest;
  const lost = size * 2 ** -124;
  for (let i = 0; i < count; i++) {
    let [best, second, nearest] = [-Infinity, -Infinity, 0];
    for (let centre = 0; centre < k; centre++) {
      const score = scores[i * k + centre]! - offsets[centre]!;
      if (score > best) {
        second = best;
        best = score;
        nearest = centre;
      } else if (score > second) second = score;
    }
    const length = lengths[first + i]!;
    const overflows = longest * Math.max(length, 1) > 2 ** 126;
    const certain = !overflows && best - second > relative * length + lost * (1 + length);
    assignment[first + i] = certain ? nearest : nearestExactly(points, first + i, centres);
  }
}

function lengthOf({ size, values }: Points, row: number): number {
  let sum = 0;
  for (let i = row * size; i < (row + 1) * size; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

function nearestExactly(points: Points, row: number, centres: Float64Array): number {
  let [nearest, least] = [0, Infinity];
  for (let centre = 0; centre * points.size < centres.length; centre++) {
    const distance = squaredDistance(points, row, centres, centre);
    if (distance < least) {
      least = distance;
      nearest = centre;
    }
  }
  return nearest;
}
