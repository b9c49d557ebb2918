/**
 * Functions whose minimum is known, to measure a search on: the classics (Surjanovic and Bingham's
 * collection), one shaped like the reward of ten learning rates, and two that are cheaper and wrong at few
 * epochs.
 *
 * All take u [d] in the unit cube and are minimised; regret is the value less the minimum.
 */
import { meanOf } from '@layerwise/statistics';

export interface BenchmarkFunction {
  readonly d: number;
  readonly minimum: number;
  /** Epochs of a full evaluation; 1 where a function has no fidelities. */
  readonly epochs: number;
  /** Standard deviation of the noise of an observation. */
  readonly noise: number;
  /** The value at u and epoch e, without noise. */
  readonly value: (u: readonly number[], epoch: number) => number;
}

export const BENCHMARK_FUNCTIONS: Readonly<Record<string, BenchmarkFunction>> = {
  branin: { d: 2, minimum: 0.39788735772973816, epochs: 1, noise: 0, value: branin },
  hartmann6: { d: 6, minimum: -3.322368011415515, epochs: 1, noise: 0, value: (u) => hartmann6(u, 0) },
  levy10: { d: 10, minimum: 0, epochs: 1, noise: 0, value: levy },
  rosenbrock10: { d: 10, minimum: 0, epochs: 1, noise: 0, value: rosenbrock },
  layered10: { d: 10, minimum: 0, epochs: 1, noise: 0, value: layered },
  'mf-hartmann6': {
    d: 6,
    minimum: -3.322368011415515,
    epochs: 9,
    noise: 0,
    value: (u, epoch) => hartmann6(u, 0.2 * (1 - (epoch - 1) / 8)),
  },
  'layered10-curve': { d: 10, minimum: 2.25614e-4, epochs: 9, noise: 0.005, value: layeredCurve },
};

function branin([u1 = 0, u2 = 0]: readonly number[]): number {
  const x = 15 * u1 - 5;
  const y = 15 * u2;
  const valley = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
  return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

/** The four peaks: α, the row of A, the row of P. */
const HARTMANN_PEAKS = [
  { alpha: 1, scales: [10, 3, 17, 3.5, 1.7, 8], centre: [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886] },
  {
    alpha: 1.2,
    scales: [0.05, 10, 17, 0.1, 8, 14],
    centre: [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  },
  { alpha: 3, scales: [3, 3.5, 1.7, 10, 17, 8], centre: [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665] },
  {
    alpha: 3.2,
    scales: [17, 8, 0.05, 10, 0.1, 14],
    centre: [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  },
];

/** Every α lowered by `less`: that is what fewer epochs see. */
function hartmann6(u: readonly number[], less: number): number {
  return -HARTMANN_PEAKS.reduce((sum, { alpha, scales, centre }) => {
    const distance = u.reduce((total, value, i) => total + scales[i]! * (value - centre[i]!) ** 2, 0);
    return sum + (alpha - less) * Math.exp(-distance);
  }, 0);
}

function levy(u: readonly number[]): number {
  const w = u.map((value) => 1 + (20 * value - 10 - 1) / 4);
  const [first, last] = [w[0]!, w.at(-1)!];
  const between = w.slice(0, -1).map((wi) => (wi - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * wi + 1) ** 2));
  return (
    Math.sin(Math.PI * first) ** 2 +
    between.reduce((sum, term) => sum + term, 0) +
    (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2)
  );
}

function rosenbrock(u: readonly number[]): number {
  const x = u.map((value) => 15 * value - 5);
  return x.slice(0, -1).reduce((sum, xi, i) => sum + 100 * (x[i + 1]! - xi ** 2) ** 2 + (1 - xi) ** 2, 0);
}

/** Where each group's rate would be best, as log₁₀. */
const LAYERED_BEST = [-5.5, -5.4, -6.0, -5.7, -5.5, -5.7, -5.5, -5.4, -5.5, -4.9];

/** log₁₀ of the mean rate. */
function meanRate(u: readonly number[]): number {
  return Math.log10(u.reduce((sum, value) => sum + 10 ** (-7 + 4 * value), 0) / u.length);
}

/** A ridge in the mean rate, a best place for each rate, a cliff where training diverges. */
function layered(u: readonly number[]): number {
  const z = u.map((value, i) => -7 + 4 * value - LAYERED_BEST[i]!);
  const s = meanRate(u);
  return (
    0.02 * meanOf(z.map((zi) => zi ** 2)) +
    0.0125 * (s + 5.3) ** 2 +
    0.5 / (1 + Math.exp(-6 * (s + 4))) +
    0.01 * meanOf(z.slice(1).map((zi, i) => (zi - z[i]!) ** 2))
  );
}

/** Low rates learn more slowly, so that few epochs speak for high ones. */
function layeredCurve(u: readonly number[], epoch: number): number {
  const speed = 0.6 * 10 ** (meanRate(u) + 5.3);
  return layered(u) + 0.25 * Math.exp(-speed * epoch) - 0.25 * Math.exp(-speed * 9);
}
