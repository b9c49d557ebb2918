/**
 * Optimisers as data: what to compute (a recipe), which state it keeps, and the numbers of one step. The
 * arithmetic is in ../wasm/update.c and, in plain TypeScript, in ../test/reference.ts; both take these
 * numbers, in this order.
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

/** The state that a recipe keeps, one float a parameter each, by torch's names. */
export function stateNamesOf(recipe: OptimizerRecipe): readonly string[] {
  return recipe.name === 'sgd' ? ['momentum_buffer'] : ['exp_avg', 'exp_avg_sq'];
}

/**
 * One step's numbers, as ../wasm/update.c names them: for Adam and AdamW scale, keep, oneMinusBeta1, beta2,
 * oneMinusBeta2, correction, epsilon and stepSize; for SGD scale, momentum and rate.
 */
export function stepNumbers(
  recipe: OptimizerRecipe,
  { step, rate, gradientScale }: StepSettings,
): readonly number[] {
  if (recipe.name === 'sgd') return [gradientScale, recipe.momentum, rate];
  const { beta1, beta2, epsilon } = recipe;
  const keep = recipe.name === 'adamw' ? 1 - rate * recipe.weightDecay : 1;
  const correction = Math.sqrt(1 - beta2 ** step);
  return [gradientScale, keep, 1 - beta1, beta2, 1 - beta2, correction, epsilon, rate / (1 - beta1 ** step)];
}
