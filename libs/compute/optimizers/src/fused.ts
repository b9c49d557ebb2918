/**
 * The optimisers in one WebAssembly pass over flat memory (the kernels: ../wasm/update.c): parameters,
 * gradients and state lie at the same offsets of their regions, tensors of one group that are neighbours are
 * one call. It equals ../test/reference.ts bit for bit, at well under a nanosecond a parameter on one thread.
 */
import { loadKernels, viewOf, type FlatMemory, type Layout, type Region } from '@layerwise/engine';
import type { Pull } from './pull.js';
import { stateNamesOf, stepNumbers, type OptimizerRecipe } from './recipes.js';

/** A rate for each layer group; with null it is not trained: parameters, gradients and state are not read. */
export type Rates = readonly (number | null)[];

export interface FusedOptimizer {
  readonly stateNames: readonly string[];
  /** The state, laid out as the parameters are. */
  readonly state: Readonly<Record<string, Region>>;
  /** Zeroes the state: a new phase, whose steps count from 1 again. */
  readonly reset: () => void;
  /** One step (from 1), in place. `gradientScale` (1) multiplies gradients, what `pull` adds included. */
  readonly update: (settings: {
    readonly step: number;
    readonly rates: Rates;
    readonly gradientScale?: number;
    readonly pull?: Pull | null;
  }) => void;
  /** The Euclidean norm of gradients with what `pull` adds, as a double; with `rates`, of trained groups. */
  readonly gradientNorm: (rates?: Rates, pull?: Pull | null) => number;
}

export interface FusedOptimizerInput {
  readonly recipe: OptimizerRecipe;
  readonly memory: FlatMemory;
  /** Which group each tensor is in, and where it lies in all the regions. */
  readonly layout: Layout;
  readonly parameters: Region;
  readonly gradients: Region;
}

/** Lengths (floats) of the regions that `createFusedOptimizer` allocates, for planning a flat memory. */
export function optimizerFloats(recipe: OptimizerRecipe, layout: Layout): number[] {
  return stateNamesOf(recipe).map(() => layout.length);
}

/** Allocates the state in `memory` (see `optimizerFloats`) and binds the kernels to it. */
export function createFusedOptimizer({
  recipe,
  memory,
  layout,
  parameters,
  gradients,
}: FusedOptimizerInput): FusedOptimizer {
  for (const { length } of [parameters, gradients]) {
    if (length !== layout.length) {
      throw new RangeError(`a region of ${length} floats for a layout of ${layout.length}`);
    }
  }
  const kernels = loadUpdateKernels(memory);
  const stateNames = stateNamesOf(recipe);
  const state = stateNames.map((name) => [name, memory.allocate(layout.length)] as const);
  const regions = state.map(([, region]) => region);
  const kernel = recipe.name === 'sgd' ? kernels.sgd : kernels.adam;
  const spans = spansOf(layout);
  return {
    stateNames,
    state: Object.fromEntries(state),
    reset: () => {
      for (const { floats } of regions) floats.fill(0);
    },
    update: ({ step, rates, gradientScale = 1, pull = null }) => {
      if (!(step >= 1)) throw new RangeError(`step ${step} of an optimiser: steps count from 1`);
      for (const { group, offset, length } of spans) {
        const rate = rateOf(rates, group);
        if (rate === null) continue;
        const addresses = [parameters, gradients, ...regions].map((region) => addressOf(region, offset));
        const numbers = stepNumbers(recipe, { step, rate, gradientScale });
        kernel(...addresses, length, ...pullOf(pull, group, offset), ...numbers);
      }
    },
    gradientNorm: (rates, pull = null) => {
      let sum = 0;
      for (const { group, offset, length } of spans) {
        if (rates && rateOf(rates, group) === null) continue;
        const addresses = [parameters, gradients].map((region) => addressOf(region, offset));
        sum += kernels.sum_of_squares(...addresses, length, ...pullOf(pull, group, offset))!;
      }
      return Math.sqrt(sum);
    },
  };
}

/** Views of the state by `STATE.TENSOR` (`exp_avg.encoder.layer.0.…`): what a checkpoint stores and reads. */
export function namedState({ state }: FusedOptimizer, layout: Layout): Map<string, Float32Array> {
  const named = Object.entries(state).flatMap(([name, { floats }]) =>
    layout.places.map((place) => [`${name}.${place.name}`, viewOf(floats, layout, place.name)] as const),
  );
  return new Map(named);
}

/** Summed gradients of several batches: an optimiser of `sum` then takes `gradientScale` 1/count. */
export interface GradientAccumulator {
  readonly sum: Region;
  /** sum += gradients */
  readonly add: () => void;
  readonly clear: () => void;
}

/** Allocates a sum as long as `gradients` in `memory`. */
export function createGradientAccumulator(memory: FlatMemory, gradients: Region): GradientAccumulator {
  const { accumulate } = loadUpdateKernels(memory);
  const sum = memory.allocate(gradients.length);
  return {
    sum,
    add: () => {
      accumulate(sum.byteOffset, gradients.byteOffset, gradients.length);
    },
    clear: () => {
      sum.floats.fill(0);
    },
  };
}

/** sum += x², element by element; both lie in `memory`. */
export function loadSquares(memory: FlatMemory): (sum: Region, x: Region) => void {
  const kernels = loadUpdateKernels(memory);
  return (sum, x) => void kernels.accumulate_squares(sum.byteOffset, x.byteOffset, x.length);
}

/** The factor that keeps gradients' norm within `maxNorm`, as torch.nn.utils.clip_grad_norm_ has it. */
export function clipFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}

function loadUpdateKernels(memory: FlatMemory) {
  const file = new URL('../wasm/update.wasm', import.meta.url);
  return loadKernels(file, ['adam', 'sgd', 'sum_of_squares', 'accumulate', 'accumulate_squares'], memory);
}

/** A pull at an offset, for kernels: addresses of anchor and coefficients (0: none), the group's number. */
function pullOf(pull: Pull | null, group: number, offset: number): readonly number[] {
  if (pull === null) return [0, 0, 0];
  const { anchor, coefficients } = pull;
  if ('byteOffset' in coefficients) return [addressOf(anchor, offset), addressOf(coefficients, offset), 0];
  const uniform = coefficients[group]!;
  return uniform === 0 ? [0, 0, 0] : [addressOf(anchor, offset), 0, uniform];
}

function addressOf({ byteOffset }: Region, offset: number): number {
  return byteOffset + offset * 4;
}

interface Span {
  readonly group: number;
  readonly offset: number;
  length: number;
}

/** Neighbouring places of one group as one stretch each, gaps included (they hold zeros and keep them). */
function spansOf({ places, length }: Layout): readonly Span[] {
  const spans: Span[] = [];
  places.forEach(({ group, offset }, i) => {
    const end = places[i + 1]?.offset ?? length;
    const last = spans.at(-1);
    if (last?.group === group) last.length = end - last.offset;
    else spans.push({ group, offset, length: end - offset });
  });
  return spans;
}

function rateOf(rates: Rates, group: number): number | null {
  const rate = rates[group];
  if (rate === undefined) throw new RangeError(`no rate for layer group ${group}`);
  return rate;
}
