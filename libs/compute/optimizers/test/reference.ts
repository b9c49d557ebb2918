/**
 * The optimisers as pure functions in plain TypeScript: what fused.ts must equal bit for bit, and the place
 * to read what it computes. Every operation is rounded to single precision, in torch.optim's order.
 */
import { stateNamesOf, stepNumbers, type OptimizerRecipe, type StepSettings } from '../src/recipes.js';

/** State arrays by name, each as long as the parameters. */
export type OptimizerState = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

/** Parameters and the state that goes with them. */
export interface Trained {
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly state: OptimizerState;
}

export interface Optimizer {
  /** Zeros for `length` parameters. */
  readonly init: (length: number) => OptimizerState;
  /** The parameters and state after one step; what is passed in stays as it was. */
  readonly update: (before: Trained, gradients: Float32Array, settings: StepSettings) => Trained;
}

const f = Math.fround;
/** Below the smallest normal float (see flush in ../wasm/update.c). */
const SMALLEST = 2 ** -126;
const flush = (x: number): number => (Math.abs(x) >= SMALLEST || Number.isNaN(x) ? x : 0);

/** The pure optimiser that a recipe describes. */
export function referenceOptimizer(recipe: OptimizerRecipe): Optimizer {
  const init = (length: number): OptimizerState =>
    Object.fromEntries(stateNamesOf(recipe).map((name) => [name, new Float32Array(length)]));
  const rule = recipe.name === 'sgd' ? sgd : adam;
  return {
    init,
    // Each number in single precision, as it reaches WebAssembly.
    update: (before, gradients, settings) => rule(before, gradients, stepNumbers(recipe, settings).map(f)),
  };
}

type AdamNumbers = [number, number, number, number, number, number, number, number];

function adam(before: Trained, gradients: Float32Array, numbers: readonly number[]): Trained {
  const [scale, keep, oneMinusBeta1, beta2, oneMinusBeta2, correction, epsilon, stepSize] =
    numbers as unknown as AdamNumbers;
  const parameters = before.parameters.slice();
  const mean = stateOf(before, 'exp_avg').slice();
  const variance = stateOf(before, 'exp_avg_sq').slice();
  parameters.forEach((old, i) => {
    const g = f(at(gradients, i) * scale);
    const m = flush(f(at(mean, i) + f(oneMinusBeta1 * f(g - at(mean, i)))));
    const v = flush(f(f(beta2 * at(variance, i)) + f(f(oneMinusBeta2 * g) * g)));
    const denominator = f(f(f(Math.sqrt(v)) / correction) + epsilon);
    mean[i] = m;
    variance[i] = v;
    parameters[i] = f(f(old * keep) - f(f(stepSize * m) / denominator));
  });
  return { parameters, state: { exp_avg: mean, exp_avg_sq: variance } };
}

function sgd(before: Trained, gradients: Float32Array, numbers: readonly number[]): Trained {
  const [scale, momentum, rate] = numbers as unknown as [number, number, number];
  const parameters = before.parameters.slice();
  const buffer = stateOf(before, 'momentum_buffer').slice();
  parameters.forEach((old, i) => {
    const b = flush(f(f(momentum * at(buffer, i)) + f(at(gradients, i) * scale)));
    buffer[i] = b;
    parameters[i] = f(old - f(rate * b));
  });
  return { parameters, state: { momentum_buffer: buffer } };
}

function at(array: Float32Array, i: number): number {
  return array[i] ?? Number.NaN;
}

function stateOf({ state }: Trained, name: string): Float32Array<ArrayBuffer> {
  const array = state[name];
  if (!array) throw new RangeError(`the state has no ${name}`);
  return array;
}

/**
 * In plain TypeScript, for one tensor: the gradients that `referenceOptimizer` is then given, rounded as the
 * kernels round.
 */
export function pulledGradients(
  gradients: Float32Array,
  parameters: Float32Array,
  anchor: Float32Array,
  coefficients: Float32Array | number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(gradients, (gradient, i) => {
    const c = f(typeof coefficients === 'number' ? coefficients : (coefficients[i] ?? NaN));
    return f(gradient + f(c * f((parameters[i] ?? NaN) - (anchor[i] ?? NaN))));
  });
}
