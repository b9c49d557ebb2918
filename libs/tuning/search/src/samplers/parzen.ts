/**
 * Parzen estimators on the unit cube: the density of a few points, each blurred by a kernel, and of a prior
 * that keeps any place possible. Kernels after Watanabe (2023), "Tree-Structured Parzen Estimator", section
 * 3.3: a normal distribution cut to 0..1 for numbers, Aitchison and Aitken's for choices. A number's kernel
 * is as wide as the way to the further of its neighbours (Bergstra et al. 2011), at least 1/(n + 2) or 1/100.
 */
import type { Parameter, SearchSpace } from '../space/space.js';
import type { RandomStream } from './random-stream.js';

/** A mixture of products of kernels. */
export interface ParzenEstimator {
  /** [d]: 0 for a number, else how many choices there are. */
  readonly choices: readonly number[];
  readonly kernels: readonly Kernel[];
}

interface Kernel {
  readonly weight: number;
  /** [d] */
  readonly centre: readonly number[];
  /** [d]; for choices, the chance that is spread over all of them. */
  readonly width: readonly number[];
}

/**
 * @param points [n][d]
 * @param weights [n], of the points; the prior's is 1
 */
export function parzenEstimator(
  { parameters }: SearchSpace,
  points: readonly (readonly number[])[],
  weights: readonly number[],
): ParzenEstimator {
  const choices = parameters.map((one) => (one.type === 'categorical' ? one.choices.length : 0));
  // [d][n]
  const widths = parameters.map((parameter, j) => widthsOf(parameter, column(points, j)));
  const sum = weights.reduce((total, weight) => total + weight, 1);
  const kernels = points.map((centre, i) => ({
    weight: weights[i]! / sum,
    centre,
    width: column(widths, i),
  }));
  const prior = { weight: 1 / sum, centre: choices.map(() => 0.5), width: choices.map(() => 1) };
  return { choices, kernels: [...kernels, prior] };
}

/** Widths of a parameter's kernels, [n]. */
function widthsOf(parameter: Parameter, coordinates: readonly number[]): number[] {
  const n = coordinates.length;
  if (parameter.type === 'categorical') {
    const { length } = parameter.choices;
    return coordinates.map(() => length / (length + n + 1));
  }
  const bin = parameter.type === 'integer' ? 1 / (parameter.high - parameter.low + 1) : 0;
  const least = Math.max(1 / Math.min(100, n + 2), bin / 2);
  const order = [...coordinates.keys()].sort((a, b) => coordinates[a]! - coordinates[b]!);
  const sorted = order.map((i) => coordinates[i]!);
  const widths = new Array<number>(n).fill(least);
  for (const [place, i] of order.entries()) {
    const own = sorted[place]!;
    // The ends of the range count as neighbours of a single point only.
    const left = own - (sorted[place - 1] ?? (n === 1 ? 0 : own));
    const right = (sorted[place + 1] ?? (n === 1 ? 1 : own)) - own;
    widths[i] = Math.min(1, Math.max(least, left, right));
  }
  return widths;
}

function column(rows: readonly (readonly number[])[], j: number): number[] {
  return rows.map((row) => row[j]!);
}

/** Logarithm of the density at a place, [d]. */
export function logDensity({ choices, kernels }: ParzenEstimator, place: readonly number[]): number {
  const logs = kernels.map(({ weight, centre, width }) =>
    choices.reduce(
      (sum, count, j) => sum + logKernel(place[j]!, centre[j]!, width[j]!, count),
      Math.log(weight),
    ),
  );
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}

/** A place drawn from the density, [d]. */
export function drawFrom({ choices, kernels }: ParzenEstimator, stream: RandomStream): number[] {
  let left = stream.uniform();
  const { centre, width } = kernels.find(({ weight }) => (left -= weight) < 0) ?? kernels.at(-1)!;
  return choices.map((count, j) => drawKernel(centre[j]!, width[j]!, count, stream));
}

function logKernel(u: number, centre: number, width: number, choices: number): number {
  if (choices > 0) {
    const other = width / choices;
    return Math.log(choiceAt(u, choices) === choiceAt(centre, choices) ? 1 - width + other : other);
  }
  const inside = normalIntegral((1 - centre) / width) - normalIntegral(-centre / width);
  return -(((u - centre) / width) ** 2) / 2 - Math.log(width * Math.sqrt(2 * Math.PI) * inside);
}

function drawKernel(
  centre: number,
  width: number,
  choices: number,
  { uniform, normal }: RandomStream,
): number {
  if (choices > 0) return uniform() < width ? uniform() : centre;
  for (;;) {
    const u = centre + width * normal();
    if (u >= 0 && u <= 1) return u;
  }
}

function choiceAt(u: number, choices: number): number {
  return Math.min(choices - 1, Math.floor(u * choices));
}

/** Φ, by Abramowitz and Stegun 7.1.26: right to 1e-7. */
function normalIntegral(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = (polynomial * Math.exp(-z * z)) / 2;
  return x > 0 ? 1 - half : half;
}
