import {
  condition,
  defaultPriors,
  fitHyperparameters,
  maximiseExpectedImprovement,
  predict,
  standardise,
} from '../src/index.js';

// Six runs of a function of one coordinate, (x − 0.3)², of which higher is better once its sign is turned.
const x = Float64Array.from([0.05, 0.2, 0.4, 0.6, 0.8, 0.95]);
const { values, mean, deviation } = standardise(x.map((at) => -((at - 0.3) ** 2)));
const inputs = { d: 1, n: x.length, x, z: new Float64Array(x.length).fill(1) };

const parameters = fitHyperparameters(inputs, values, { priors: defaultPriors(1), withError: false });
const posterior = condition(parameters, inputs, values);
if (posterior === null) throw new Error('two runs are the same, and there is no noise');

const there = predict(posterior, Float64Array.from([0.7]));
/** What it expects at 0.7 (−0.16), in units of the function, and how unsure it is. */
export const expected = mean + deviation * there.mean;
export const error = deviation * Math.sqrt(there.variance);

/** Where to run next: near 0.3. */
export const next = maximiseExpectedImprovement([posterior], [Float64Array.from([0.5])], {
  boxAt: () => ({ low: Float64Array.from([0]), high: Float64Array.from([1]) }),
  best: Math.max(...values),
});
