/**
 * What training works on, in one flat memory: parameters, gradients and optimiser state at equal offsets,
 * then the rows of a batch and its dropout masks.
 */
import { createFlatMemory, type FlatMemory, type Region } from '@layerwise/engine';
import type { DropoutSite, PackedBatch } from '@layerwise/model';
import {
  createFusedOptimizer,
  createGradientAccumulator,
  optimizerFloats,
  type FusedOptimizer,
  type GradientAccumulator,
  type OptimizerRecipe,
} from '@layerwise/optimizers';
import { maskFloatsOf } from './dropout-masks.js';
import { createLookup, lookupFloats, type EmbeddingLookup } from '../weights/lookup.js';
import type { Penalty } from '../methods/method.js';
import { allocatePull, pullFloats, type PullMemory } from '../methods/penalty.js';
import type { WeightPlan } from '../weights/weights.js';

/** The largest batch that a run makes. */
export interface BatchLimits {
  /** Texts of any forward pass. */
  readonly texts: number;
  /** Texts of a training batch: only these have dropout masks. */
  readonly trainedTexts: number;
  /** Tokens of the longest text. */
  readonly length: number;
}

/** Weights, optimiser and lookups in flat memory; shared by the phases of a run. */
export interface TrainingState {
  readonly plan: WeightPlan;
  readonly memory: FlatMemory;
  readonly parameters: Region;
  readonly gradients: Region;
  readonly optimizer: FusedOptimizer;
  readonly accumulator: GradientAccumulator | null;
  readonly lookup: EmbeddingLookup;
  readonly masks: Region;
  /** Where a run has penalties. */
  readonly pull: PullMemory | null;
  /** SMART's earlier iterate of the parameters (`smart-step.ts`), where a run has one. */
  readonly earlier: Region | null;
  /** For Fisher information, where a state is made for that. */
  readonly squares: Region | null;
}

export interface StateOptions {
  readonly plan: WeightPlan;
  readonly recipe: OptimizerRecipe;
  readonly limits: BatchLimits;
  /** Every dropout site of every phase. */
  readonly sites: readonly DropoutSite[];
  readonly accumulate: boolean;
  readonly penalties?: readonly Penalty[];
  /** Whether an earlier iterate of the weights is kept. */
  readonly earlier?: boolean;
  /** Makes room for squared gradients. */
  readonly squares?: boolean;
}

/** Allocates it all, zeroed. @throws InputError when it does not fit into 4 GiB. */
export function createTrainingState({
  plan,
  recipe,
  limits,
  sites,
  accumulate,
  penalties = [],
  earlier = false,
  squares = false,
}: StateOptions): TrainingState {
  const { layout, config } = plan;
  const maximumTokens = limits.texts * limits.length;
  const { trainedTexts, length } = limits;
  const trained = { texts: trainedTexts, length, tokens: trainedTexts * length };
  const maskFloats = maskFloatsOf(sites, trained);
  const memory = createFlatMemory([
    layout.length,
    layout.length,
    ...optimizerFloats(recipe, layout),
    ...(accumulate ? [layout.length] : []),
    ...lookupFloats(config, maximumTokens),
    maskFloats,
    ...pullFloats(penalties, layout),
    ...(earlier ? [layout.length] : []),
    ...(squares ? [layout.length] : []),
  ]);
  const parameters = memory.allocate(layout.length);
  const gradients = memory.allocate(layout.length);
  const accumulator = accumulate ? createGradientAccumulator(memory, gradients) : null;
  const summed = accumulator?.sum ?? gradients;
  const optimizer = createFusedOptimizer({ recipe, memory, layout, parameters, gradients: summed });
  const lookup = createLookup(memory, plan, maximumTokens);
  return {
    plan,
    memory,
    parameters,
    gradients,
    optimizer,
    accumulator,
    lookup,
    masks: memory.allocate(maskFloats),
    pull: allocatePull(memory, penalties, layout),
    earlier: earlier ? memory.allocate(layout.length) : null,
    squares: squares ? memory.allocate(layout.length) : null,
  };
}

/** A batch as a step takes it. */
export interface TrainingBatch {
  readonly packed: PackedBatch;
  /** What each text counts at its label [texts, labels]; all batches of a step together sum to 1. */
  readonly targets: Float32Array;
  readonly labels: number;
  /** Which of the trainer's heads it goes through; absent: the first. */
  readonly head?: number;
}

/** What dropout masks derive from, beside their place. */
export interface Randomness {
  readonly seed: number;
  readonly phase: number;
  readonly step: number;
}
