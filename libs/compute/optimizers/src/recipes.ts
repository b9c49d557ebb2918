/**
 * Optimisers as data: what to compute (a recipe), which state it keeps, and the numbers of one step. The
 * arithmetic is in reference.ts (plain TypeScript) and ../wasm/update.c (fused); both take these numbers, in
 * this order.
 *
 * The formulas and names are torch.optim's: Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019; like
 * torch it decays every tensor), SGD with momentum (no dampening, not Nesterov's).
 */
import type { OptimizerName } from './names.js';

export interface AdamRecipe {
  readonly name: 'adam';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface AdamWRecipe extends Omit<AdamRecipe, 'name'> {
  readonly name: 'adamw';
  /** The share, times the rate, by which parameters shrink each step. */
  readonly weightDecay: number;
}

export interface SgdRecipe {
  readonly name: 'sgd';
  readonly momentum: number;
}

export type OptimizerRecipe = AdamRecipe | AdamWRecipe | SgdRecipe;

/** The settings of the paper (adam) and of PyTorch (adamw); sgd has the usual momentum. */
export const recipes: { readonly [Name in OptimizerName]: Extract<OptimizerRecipe, { name: Name }> } = {
  adam: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  adamw: { name: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  sgd: { name: 'sgd', momentum: 0.9 },
};

/** What changes from step to step. */
export interface StepSettings {
  /** Counted from 1, over all phases that share the state. */
  readonly step: number;
  readonly rate: number;
  /** Multiplies every gradient: a clip factor, 1 over the number of accumulated batches, or both. */
  readonly gradientScale: number;
}

/** One step's numbers for Adam and AdamW, as ../wasm/update.c names them. */
export type AdamNumbers = readonly [
  scale: number,
  keep: number,
  oneMinusBeta1: number,
  beta2: number,
  oneMinusBeta2: number,
  correction: number,
  epsilon: number,
  stepSize: number,
];

/** One step's numbers for SGD. */
export type SgdNumbers = readonly [scale: number, momentum: number, rate: number];

/** The state that a recipe keeps, one float a parameter each, by torch's names. */
export function stateNamesOf(recipe: OptimizerRecipe): readonly string[] {
  return recipe.name === 'sgd' ? ['momentum_buffer'] : ['exp_avg', 'exp_avg_sq'];
}

export function adamNumbers(
  recipe: AdamRecipe | AdamWRecipe,
  { step, rate, gradientScale }: StepSettings,
): AdamNumbers {
  const { beta1, beta2, epsilon } = recipe;
  const keep = recipe.name === 'adamw' ? 1 - rate * recipe.weightDecay : 1;
  const correction = Math.sqrt(1 - beta2 ** step);
  return [gradientScale, keep, 1 - beta1, beta2, 1 - beta2, correction, epsilon, rate / (1 - beta1 ** step)];
}

export function sgdNumbers({ momentum }: SgdRecipe, { rate, gradientScale }: StepSettings): SgdNumbers {
  return [gradientScale, momentum, rate];
}
