/**
 * The optimisers as pure functions in plain TypeScript: what fused.ts must equal bit for bit, and the place
 * to read what it computes. Every operation is rounded to single precision, in torch.optim's order.
 */
import { adamNumbers, sgdNumbers, stateNamesOf, type OptimizerRecipe, type StepSettings } from './recipes.js';

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
  if (recipe.name === 'sgd') {
    return {
      init,
      update: (before, gradients, settings) => sgd(before, gradients, sgdNumbers(recipe, settings)),
    };
  }
  return {
    init,
    update: (before, gradients, settings) => adam(before, gradients, adamNumbers(recipe, settings)),
  };
}

function adam(before: Trained, gradients: Float32Array, numbers: ReturnType<typeof adamNumbers>): Trained {
  const [scale, keep, oneMinusBeta1, beta2, oneMinusBeta2, correction, epsilon, stepSize] = rounded(numbers);
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

function sgd(before: Trained, gradients: Float32Array, numbers: ReturnType<typeof sgdNumbers>): Trained {
  const [scale, momentum, rate] = rounded(numbers);
  const parameters = before.parameters.slice();
  const buffer = stateOf(before, 'momentum_buffer').slice();
  parameters.forEach((old, i) => {
    const b = flush(f(f(momentum * at(buffer, i)) + f(at(gradients, i) * scale)));
    buffer[i] = b;
    parameters[i] = f(old - f(rate * b));
  });
  return { parameters, state: { momentum_buffer: buffer } };
}

/** Each number to single precision, as it reaches WebAssembly. */
function rounded<Numbers extends readonly number[]>(numbers: Numbers): { [Index in keyof Numbers]: number } {
  return numbers.map(f) as { [Index in keyof Numbers]: number };
}

function at(array: Float32Array, i: number): number {
  return array[i] ?? Number.NaN;
}

function stateOf({ state }: Trained, name: string): Float32Array<ArrayBuffer> {
  const array = state[name];
  if (!array) throw new RangeError(`the state has no ${name}`);
  return array;
}
