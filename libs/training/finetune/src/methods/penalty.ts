/**
 * The penalties of a method (`method.ts`) as the pull that an update takes (`pull.ts` of
 * @layerwise/optimizers). Several of them sum up to one: Σ ½ c_k (θ − a_k)² has the gradient C (θ − A) with C
 * = Σ c_k and A = Σ c_k a_k / C.
 *
 * Only the encoder and the head in training are held: the other head stands still. The loss in the history is
 * the cross-entropy alone.
 */
import type { FlatMemory, Layout, Region } from '@layerwise/engine';
import { openSafetensors } from '@layerwise/model';
import type { Pull } from '@layerwise/optimizers';
import type { Method, Penalty } from './method.js';
import { loadEncoder, type WeightPlan, type WeightSource } from '../weights/weights.js';

/** Where the pull of a run's penalties lies in flat memory. */
export interface PullMemory {
  readonly anchor: Region;
  /** Null where one number a layer group is enough. */
  readonly coefficients: Region | null;
}

/** Floats of the regions that `allocatePull` takes. */
export function pullFloats(penalties: readonly Penalty[], { length }: Layout): number[] {
  if (penalties.length === 0) return [];
  return penalties.every(isUniform) ? [length] : [length, length];
}

/** Null where there are no penalties. */
export function allocatePull(
  memory: FlatMemory,
  penalties: readonly Penalty[],
  layout: Layout,
): PullMemory | null {
  const [anchor, coefficients] = pullFloats(penalties, layout).map((floats) => memory.allocate(floats));
  return anchor === undefined ? null : { anchor, coefficients: coefficients ?? null };
}

/** The penalties that hold in a phase, counted from 0. */
export function penaltiesIn(phase: number, method: Method | undefined): readonly Penalty[] {
  return (method?.penalties ?? []).filter(({ anchor }) => anchor !== 'original' || phase > 0);
}

/**
 * What a penalty anchored at the weights after phase 1 needs: those weights and F there, laid out as the
 * parameters are.
 */
export interface AfterOriginal {
  readonly weights: Float32Array;
  readonly fisher: Float32Array;
}

/**
 * Fills `memory` with the pull of `penalties`. @param after for one that is anchored at the weights after
 * phase 1
 */
export function fillPull(
  { anchor, coefficients }: PullMemory,
  penalties: readonly Penalty[],
  plan: WeightPlan,
  pretrained: WeightSource,
  after: AfterOriginal | null,
): Pull {
  anchor.floats.fill(0);
  if (coefficients === null) {
    const sum = (kind: Penalty['anchor']): number =>
      penalties.reduce((total, { anchor: own, lambda }) => total + (own === kind ? lambda : 0), 0);
    loadEncoder(plan, pretrained, anchor.floats);
    const ofGroups = new Map(
      plan.layout.places.map(({ name, group }) => [group, sum(isHead(name) ? 'zero' : 'pretrained')]),
    );
    const groups = Math.max(...ofGroups.keys()) + 1;
    return { anchor, coefficients: Array.from({ length: groups }, (_, group) => ofGroups.get(group) ?? 0) };
  }
  coefficients.floats.fill(0);
  for (const penalty of penalties) {
    const { lambda } = penalty;
    const heads = penalty.anchor === 'zero';
    const [weights, fisher] = termOf(penalty, plan, pretrained, after);
    for (const { name, offset, length } of plan.layout.places) {
      if (isHead(name) !== heads) continue;
      for (let i = offset; i < offset + length; i++) {
        const already = coefficients.floats[i]!;
        const more = lambda * (fisher === null ? 1 : fisher[i]!);
        const c = already + more;
        // Below the smallest normal float a coefficient would only slow the update.
        if (!(more >= SMALLEST)) continue;
        const weight = weights === null ? 0 : weights[i]!;
        anchor.floats[i] = already === 0 ? weight : (already * anchor.floats[i]! + more * weight) / c;
        coefficients.floats[i] = c;
      }
    }
  }
  return { anchor, coefficients };
}

const SMALLEST = 2 ** -126;

/** Anchor and F of a penalty, laid out as the parameters are; null: 0, and 1, for all. */
function termOf(
  penalty: Penalty,
  plan: WeightPlan,
  pretrained: WeightSource,
  after: AfterOriginal | null,
): readonly [weights: Float32Array | null, fisher: Float32Array | null] {
  if (penalty.anchor === 'zero') return [null, null];
  if (penalty.anchor === 'original') {
    if (after === null) throw new RangeError('a penalty anchored after phase 1 needs the weights there');
    return [after.weights, after.fisher];
  }
  const laidOut = (source: WeightSource): Float32Array => {
    const floats = new Float32Array(plan.layout.length);
    loadEncoder(plan, source, floats);
    return floats;
  };
  const { fisher } = penalty;
  return [laidOut(pretrained), fisher === null ? null : laidOut(openSafetensors(fisher.file))];
}

function isUniform(penalty: Penalty): boolean {
  return penalty.anchor === 'zero' || (penalty.anchor === 'pretrained' && penalty.fisher === null);
}

function isHead(name: string): boolean {
  return name.startsWith('head.');
}

/** A weight's coefficient at a rate is a step of its own: rate · c above 1 jumps past the anchor. */
export interface Overshoot {
  /** Share of the trained weights with rate · λ · F above 1. */
  readonly share: number;
  /** The largest rate · λ · F. */
  readonly largest: number;
}

/** Of a pull at the rates of the groups. */
export function overshootOf(
  { coefficients }: Pull,
  rates: readonly (number | null)[],
  layout: Layout,
): Overshoot {
  let [above, trained, largest] = [0, 0, 0];
  for (const { group, offset, length } of layout.places) {
    const rate = rates[group] ?? null;
    if (rate === null) continue;
    trained += length;
    const seen = (c: number): boolean => {
      largest = Math.max(largest, rate * c);
      return rate * c > 1;
    };
    if (!('floats' in coefficients)) above += seen(coefficients[group]!) ? length : 0;
    else for (let i = offset; i < offset + length; i++) above += seen(coefficients.floats[i]!) ? 1 : 0;
  }
  return { share: trained === 0 ? 0 : above / trained, largest };
}
