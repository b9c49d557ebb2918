/**
 * The layer-wise decay that comes nearest to a distribution: one rate for the head and one factor a layer
 * below it, as ULMFiT (Howard and Ruder 2018), ELECTRA and BEiT have it and timm's `layer_decay` applies it.
 * Unit 0 is the embeddings, 1 … L the layers, L+1 the head; unit u has the rate · decay^(L+1-u). Fitted by
 * least squares on logarithms, one point a unit, so that every unit counts alike, however many share a group.
 */
import type { GroupedRates } from './rates-at-depth.js';

export interface LayerDecay {
  /** Of the head. */
  readonly rate: number;
  /** A layer; below 1 the rates fall towards the embeddings. */
  readonly decay: number;
  readonly layers: number;
  /**
   * Factor, up or down, by which it misses a unit's rate: the root mean square of the logarithms, and the
   * largest.
   */
  readonly misfit: { readonly typical: number; readonly largest: number };
}

/** null where the groups do not say which layers they hold, or a unit has no rate. */
export function fitLayerDecay(grouped: GroupedRates): LayerDecay | null {
  const { layers } = grouped;
  if (layers === null) return null;
  const units = unitRates(grouped, layers);
  if (units.some((rate) => !(rate > 0))) return null;
  // ln rate = intercept + slope · distance from the head.
  const points = units.map((rate, unit) => ({ distance: layers + 1 - unit, log: Math.log(rate) }));
  const mean = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [distance, log] = [mean((point) => point.distance), mean((point) => point.log)];
  const slope =
    mean((point) => (point.distance - distance) * (point.log - log)) /
    mean((point) => (point.distance - distance) ** 2);
  const intercept = log - slope * distance;
  const misses = points.map((point) => Math.abs(point.log - intercept - slope * point.distance));
  return {
    rate: Math.exp(intercept),
    decay: Math.exp(slope),
    layers,
    misfit: {
      typical: Math.exp(Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length)),
      largest: Math.exp(Math.max(...misses)),
    },
  };
}

/** [layers + 2] The rate of the embeddings, of each layer, of the head; NaN where there is none. */
function unitRates({ grouping, rates }: GroupedRates, layers: number): number[] {
  const parts = ['embeddings', ...Array.from({ length: layers }, (_, layer) => layer), 'head'] as const;
  return parts.map((part) => {
    const group = grouping.groups.findIndex((one) => one.parts.includes(part));
    return rates[group] ?? NaN;
  });
}
