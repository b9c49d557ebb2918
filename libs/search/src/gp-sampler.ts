/**
 * Bayesian optimisation with a Gaussian process.
 */
import {
  condition,
  defaultPriors,
  fitHyperparameters,
  fromLogs,
  maximiseExpectedImprovement,
  predict,
  sampleHyperparameters,
  toLogs,
  type Hyperparameters,
  type Inputs,
  type Posterior,
  type Priors,
} from '@layerwise/gaussian-process';
import { candidatePlaces } from './gp-candidates.js';
import { coordinatesOf, type Coordinates } from './gp-coordinates.js';
import { chosenOf, dataOf, inputsOf, type Data } from './gp-data.js';
import { GP_DEFAULTS, type GpOptions } from './gp-options.js';
import { randomStream } from './random-stream.js';
import type { Pending, Sampler, SamplerContext } from './sampler.js';
import { sobolPoints } from './sobol-sequence.js';

const MOST = 300;

interface Memory {
  readonly logs: readonly number[];
  readonly count: number;
}

export function createGpSampler(options: GpOptions = GP_DEFAULTS): Sampler {
  return (history, context) => {
    const { space, seed, trial, fidelities } = context;
    const d = space.names.length;
    if (options.centre && trial === 0) return { unit: space.names.map(() => 0.5), origin: 'sobol' };
    if (trial < options.start || history.observations.length < 2)
      return { unit: [...(sobolPoints(d, trial + 1, seed).at(-1) ?? [])], origin: 'sobol' };
    const coordinates = coordinatesOf(space);
    const full = fidelities.at(-1) ?? 1;
    const chosen = chosenOf(history.observations, MOST);
    const data = dataOf(chosen, coordinates, full, options);
    const { parameters, memory } = fitted(data, context, options);
    const posteriors = posteriorsOf(data, parameters, history.pending, coordinates, full, context, options);
    const unit = propose(posteriors, coordinates, context);
    return { unit, origin: 'gp', memory };
  };
}

export const gpSampler: Sampler = createGpSampler();

function priorsOf(d: number, { lengthMean, lengthDeviation, lengthRoot }: GpOptions): Priors {
  const priors = defaultPriors(d);
  const mean =
    lengthMean === null ? priors.lengthscale.mean : lengthMean + (lengthRoot ? Math.log(d) / 2 : 0);
  return { ...priors, lengthscale: { mean, deviation: lengthDeviation } };
}

function fitted({ inputs, y }: Data, { memory }: SamplerContext, options: GpOptions) {
  const last = memory as Memory | null;
  const withError = inputs.z.some((z) => z < 1);
  const size = withError ? inputs.d + 5 : inputs.d + 2;
  const logs = last?.logs.length === size ? Float64Array.from(last.logs) : null;
  const fit = fitHyperparameters(inputs, y, {
    priors: priorsOf(inputs.d, options),
    withError,
    last: logs && fromLogs(logs, inputs.d),
    shifts: [],
    maxIterations: 40,
  });
  const result: Memory = { logs: [...toLogs(fit.parameters)], count: inputs.n };
  return { parameters: fit.parameters, memory: result };
}

function posteriorsOf(
  { inputs, y }: Data,
  parameters: Hyperparameters,
  pending: readonly Pending[],
  coordinates: Coordinates,
  full: number,
  { seed, trial }: SamplerContext,
  options: GpOptions,
): Posterior[] {
  let all = [parameters];
  if (options.samples > 0) {
    const stream = randomStream(seed, trial, 'gp-slice');
    const draws = { normal: stream.normal, uniform: () => 1 - stream.uniform() };
    all = sampleHyperparameters(
      inputs,
      y,
      priorsOf(inputs.d, options),
      toLogs(parameters),
      { count: options.samples, thin: 4 },
      draws,
    ).map((logs) => fromLogs(logs, inputs.d));
  }
  return all.flatMap((one) => {
    const posterior = condition(one, inputs, y);
    if (!posterior) return [];
    if (pending.length === 0) return [posterior];
    const more = inputsOf(pending, coordinates, full);
    const believed = Float64Array.from(
      { length: more.n },
      (_, row) => predict(posterior, more.x.subarray(row * more.d, (row + 1) * more.d), more.z[row]).mean,
    );
    const joined: Inputs = {
      d: inputs.d,
      n: inputs.n + more.n,
      x: Float64Array.from([...inputs.x, ...more.x]),
      z: Float64Array.from([...inputs.z, ...more.z]),
    };
    return condition(one, joined, Float64Array.from([...y, ...believed]), posterior.mean) ?? [];
  });
}

function propose(
  posteriors: readonly Posterior[],
  coordinates: Coordinates,
  { seed, trial, space }: SamplerContext,
): number[] {
  const first = posteriors[0]!;
  const { n, d } = first.inputs;
  const opinions = Array.from({ length: n }, (_, row) => {
    const x = first.inputs.x.slice(row * d, (row + 1) * d);
    const means = posteriors.map((posterior) => predict(posterior, x, 1).mean);
    return { x, mean: means.reduce((sum, mean) => sum + mean, 0) / means.length };
  }).sort((a, b) => b.mean - a.mean);
  const best = opinions[0]!.mean;
  const units = opinions.slice(0, 4).map(({ x }) => coordinates.back(x));
  const candidates = candidatePlaces(space.names.length, units, seed, trial).map((unit) =>
    coordinates.of(unit),
  );
  const found = maximiseExpectedImprovement(posteriors, candidates, {
    boxAt: coordinates.boxAt,
    best,
    starts: 6,
  });
  return coordinates.back(found.x);
}
