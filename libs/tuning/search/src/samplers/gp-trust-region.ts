/**
 * A box around the best place to which proposals may keep: TuRBO, Eriksson et al. (2019), its size a pure
 * function of the history. Three improvements in a row double it, as many trials without one as there are
 * dimensions halve it, and where it has become tiny it begins anew. Its sides are in proportion to the length
 * scales.
 *
 * Off by default: it gained on Branin, lost on Hartmann 6, and made no difference that shows elsewhere.
 */
import type { Box } from '@layerwise/gaussian-process';
import type { Observation } from './sampler.js';

const FIRST = 0.8;
const MOST = 1.6;
const LEAST = 2 ** -7;
const WINS = 3;

/** Side of the box, as a share of the cube's, after observations whose first `start` were not chosen. */
export function regionLength(observations: readonly Observation[], d: number, start: number): number {
  let length = FIRST;
  let best = -Infinity;
  let wins = 0;
  let losses = 0;
  observations.forEach(({ reward }, i) => {
    const better = reward > best + 1e-3 * Math.abs(best);
    best = Math.max(best, reward);
    if (i < start) return;
    [wins, losses] = better ? [wins + 1, 0] : [0, losses + 1];
    if (wins === WINS) [length, wins] = [Math.min(MOST, 2 * length), 0];
    if (losses === Math.max(4, d)) [length, losses] = [length / 2, 0];
    if (length < LEAST) length = FIRST;
  });
  return length;
}

/** The part of `box` that lies within the region around `centre` [d]. */
export function withinRegion(
  box: Box,
  centre: Float64Array,
  length: number,
  lengthscales: Float64Array,
): Box {
  const middle = Math.exp(lengthscales.reduce((sum, scale) => sum + Math.log(scale), 0) / centre.length);
  const half = lengthscales.map((scale) => (0.5 * length * scale) / middle);
  const side = (i: number, direction: number): number =>
    Math.min(box.high[i]!, Math.max(box.low[i]!, centre[i]! + direction * half[i]!));
  return { low: box.low.map((_, i) => side(i, -1)), high: box.high.map((_, i) => side(i, 1)) };
}
