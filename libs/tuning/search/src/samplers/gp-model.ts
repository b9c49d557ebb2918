/**
 * The process that a history leads to: its hyperparameters, fitted now or not long ago, and what it says
 * given all that was seen and what is under way.
 *
 * A trial under way is believed to bring what the process expects of it (the "kriging believer" of
 * Ginsbourger et al. 2010), so that a second worker is not sent to the same place.
 *
 * Schedule. Up to 60 observations the hyperparameters are fitted for every proposal, from the last ones and
 * from the prior's centre; afterwards when there are a tenth more than at the last fit. The process is
 * conditioned on at most 300 observations and fitted to at most 150 (the best half, and of the others evenly
 * many over time).
 */
import {
  condition,
  defaultPriors,
  fitHyperparameters,
  fromLogs,
  predict,
  sampleHyperparameters,
  toLogs,
  type Hyperparameters,
  type Inputs,
  type Posterior,
  type Priors,
} from '@layerwise/gaussian-process';
import type { Coordinates } from './gp-coordinates.js';
import { chosenOf, inputsOf, valuesOf } from './gp-data.js';
import { noiseFromRepeats } from './gp-noise.js';
import type { GpOptions } from './gp-options.js';
import { randomStream } from './random-stream.js';
import type { History, Observation, SamplerContext } from './sampler.js';

const FITTED_EVERY_TIME = 60;
const SEEN = 300;
const FITTED_TO = 150;
const MAX_ITERATIONS = 40;
/** Steps of the chain between two draws of hyperparameters. */
const THIN = 4;

/** Goes through the journal: hyperparameters as logarithms, and how many observations they were fitted to. */
export interface GpMemory {
  readonly logs: readonly number[];
  readonly observations: number;
}

interface GpModel {
  /** At least one, each with hyperparameters of its own. */
  readonly posteriors: readonly Posterior[];
  readonly memory: GpMemory;
}

/** @param history with at least one observation @param context `memory` is what the last model left */
export function modelOf(
  history: History,
  context: SamplerContext,
  coordinates: Coordinates,
  options: GpOptions,
): GpModel {
  const { fidelities } = context;
  const data = dataOf(chosenOf(history.observations, SEEN), coordinates, fidelities, options);
  const { inputs, y, priors } = data;
  const count = history.observations.length;
  const last = lastFit(context.memory, inputs);
  const isFresh = last !== null && count > FITTED_EVERY_TIME && 10 * count < 11 * last.observations;
  let memory = last;
  if (!isFresh || memory === null) {
    const some =
      inputs.n <= FITTED_TO
        ? data
        : dataOf(chosenOf(history.observations, FITTED_TO), coordinates, fidelities, options);
    const parameters = fitHyperparameters(some.inputs, some.y, {
      priors,
      withError: seesLess(inputs),
      last: last && fromLogs(Float64Array.from(last.logs), inputs.d),
      maxIterations: MAX_ITERATIONS,
    });
    memory = { logs: [...toLogs(parameters)], observations: count };
  }
  const logs = Float64Array.from(memory.logs);
  const pending = inputsOf(history.pending, coordinates, fidelities);
  const posteriors = drawn(data, logs, context, options).flatMap(
    (parameters) => believing(parameters, inputs, y, pending) ?? [],
  );
  return { posteriors, memory };
}

interface Data {
  readonly inputs: Inputs;
  /** [n] */
  readonly y: Float64Array;
  readonly priors: Priors;
}

function dataOf(
  observations: readonly Observation[],
  coordinates: Coordinates,
  fidelities: readonly number[],
  options: GpOptions,
): Data {
  const inputs = inputsOf(observations, coordinates, fidelities);
  const y = valuesOf(observations, options.powerTransform);
  const usual = defaultPriors(inputs.d);
  const noise = options.noiseFromRepeats ? noiseFromRepeats(inputs, y) : undefined;
  const lengthscale = options.lengthscale(inputs.d);
  return { inputs, y, priors: { ...usual, lengthscale, noiseVariance: noise ?? usual.noiseVariance } };
}

/** The memory's fit, if it is of as many hyperparameters as there are now. */
function lastFit(memory: unknown, inputs: Inputs): GpMemory | null {
  const last = memory as GpMemory | null;
  if (last === null) return null;
  const { error } = fromLogs(Float64Array.from(last.logs), inputs.d);
  return (error !== null) === seesLess(inputs) ? last : null;
}

/** Whether something was seen at less than full fidelity. */
function seesLess({ z }: Inputs): boolean {
  return z.some((share) => share < 1);
}

/** The likeliest hyperparameters, or several that are drawn as likely as they are. */
function drawn(
  { inputs, y, priors }: Data,
  logs: Float64Array,
  { seed, trial }: SamplerContext,
  { draws }: GpOptions,
): Hyperparameters[] {
  if (draws === 0) return [fromLogs(logs, inputs.d)];
  const { uniform, normal } = randomStream(seed, trial, 'gp hyperparameters');
  const stream = { uniform: () => 1 - uniform(), normal };
  const chain = sampleHyperparameters({ inputs, y, priors }, logs, { count: draws, thin: THIN }, stream);
  return chain.map((state) => fromLogs(state, inputs.d));
}

/** The process given what was seen, and given what it then expects of the places under way. */
function believing(
  parameters: Hyperparameters,
  inputs: Inputs,
  y: Float64Array,
  pending: Inputs,
): Posterior | null {
  const posterior = condition(parameters, inputs, y);
  if (posterior === null || pending.n === 0) return posterior;
  const { d } = inputs;
  const believed = Float64Array.from(
    pending.z,
    (z, row) => predict(posterior, pending.x.subarray(row * d, (row + 1) * d), z).mean,
  );
  const all: Inputs = {
    d,
    n: inputs.n + pending.n,
    x: Float64Array.from([...inputs.x, ...pending.x]),
    z: Float64Array.from([...inputs.z, ...pending.z]),
  };
  return condition(parameters, all, Float64Array.from([...y, ...believed]), posterior.mean);
}
