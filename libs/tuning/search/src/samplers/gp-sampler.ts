/**
 * Bayesian optimisation: after a few Sobol points every trial is proposed where a Gaussian process of the
 * rewards, over parameters and fidelity, expects most improvement at full fidelity.
 *
 * The pieces: `gp-coordinates.ts` (how the process sees a place), `gp-data.ts` (rewards on a scale that suits
 * it), `gp-model.ts` (when it is fitted, what it is conditioned on), `gp-candidates.ts` (where the search for
 * the maximum begins), `gp-options.ts` (what could be done otherwise), and the mathematics in
 * `@layerwise/gaussian-process`.
 *
 * Improvement is counted from the best of the places seen by what the process expects there at full fidelity,
 * not from the best reward: with noise, that one is the luckiest (Picheny et al. 2013). The same opinion
 * ranks paused trials for promotion, so that a rung that misleads is seen through once some trials have been
 * run to the end.
 */
import { maximiseExpectedImprovement, predict, type Box, type Posterior } from '@layerwise/gaussian-process';
import { candidatePlaces } from './gp-candidates.js';
import { coordinatesOf, type Coordinates } from './gp-coordinates.js';
import { modelOf } from './gp-model.js';
import { GP_DEFAULTS, type GpOptions } from './gp-options.js';
import { regionLength, withinRegion } from './gp-trust-region.js';
import type { History, Sampler, SamplerContext } from './sampler.js';
import { sobolPoints } from './sobol-sequence.js';

/** Best places around which candidates lie, and candidates from which the maximum is climbed to. */
const CENTRES = 4;
const CLIMBS = 6;

export const gpSampler = createGpSampler();

export function createGpSampler(changes: Partial<GpOptions> = {}): Sampler {
  const options = { ...GP_DEFAULTS, ...changes };
  const propose: Sampler = (history, context) => {
    const { space, seed, trial } = context;
    const d = space.names.length;
    if (trial === 0 && options.middleFirst) return { unit: space.names.map(() => 0.5), origin: 'sobol' };
    if (trial < options.start || history.observations.length < 2)
      return { unit: [...sobolPoints(d, trial + 1, seed).at(-1)!], origin: 'sobol' };
    const coordinates = coordinatesOf(space);
    const { posteriors, memory } = modelOf(history, context, coordinates, options);
    return { unit: bestPlace(posteriors, history, context, coordinates, options), origin: 'gp', memory };
  };
  return options.promoteByModel ? Object.assign(propose, { opinion: opinionBy(options) }) : propose;
}

/** What the process expects of a place at full fidelity, fitted by the same schedule as for a proposal. */
function opinionBy(options: GpOptions): NonNullable<Sampler['opinion']> {
  return ({ observations }, context) => {
    const coordinates = coordinatesOf(context.space);
    const likeliest = { ...options, draws: 0 };
    const { posteriors } = modelOf({ observations, pending: [] }, context, coordinates, likeliest);
    return (unit) => meanAt(posteriors, coordinates.of(unit));
  };
}

function bestPlace(
  posteriors: readonly Posterior[],
  { observations }: History,
  { seed, trial, space }: SamplerContext,
  coordinates: Coordinates,
  options: GpOptions,
): number[] {
  if (posteriors.length === 0) throw new Error('the process has no factor');
  const { parameters, inputs } = posteriors[0]!;
  const { n, d } = inputs;
  /** Where the process was conditioned, trials under way among them, and what it expects there. */
  const seen = Array.from({ length: n }, (_, row) => {
    const x = inputs.x.slice(row * d, (row + 1) * d);
    return { x, mean: meanAt(posteriors, x) };
  }).sort((a, b) => b.mean - a.mean);
  const first = seen[0]!;
  const centres = seen.slice(0, CENTRES).map(({ x }) => coordinates.back(x));
  const places = candidatePlaces(space.names.length, centres, seed, trial).map(coordinates.of);
  const length = options.trustRegion ? regionLength(observations, coordinates.count, options.start) : null;
  const boxAt = (x: Float64Array): Box => {
    const box = coordinates.boxAt(x);
    return length === null ? box : withinRegion(box, first.x, length, parameters.lengthscales);
  };
  const found = maximiseExpectedImprovement(posteriors, places, { boxAt, best: first.mean, starts: CLIMBS });
  return coordinates.back(found);
}

/** Expected at x [d] and full fidelity, over all posteriors. */
function meanAt(posteriors: readonly Posterior[], x: Float64Array): number {
  return posteriors.reduce((sum, posterior) => sum + predict(posterior, x).mean, 0) / posteriors.length;
}
