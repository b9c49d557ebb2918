/**
 * The Gaussian process of a pair's runs, and draws of it: hyperparameters in proportion to how probable they
 * are (elliptical slice sampling, from the most probable ones on), and with each of them one function
 * (`samplePath`). A statistic of the functions then has the spread that the runs leave it, that of the
 * hyperparameters included.
 */
import {
  condition,
  defaultPriors,
  fitHyperparameters,
  fromLogs,
  sampleHyperparameters,
  samplePath,
  toLogs,
  type Inputs,
  type LogNormal,
  type Posterior,
  type SamplePath,
} from '@layerwise/gaussian-process';
import { InputError } from '@layerwise/errors';
import { randomStream } from '@layerwise/search';
import { meanOf } from '@layerwise/statistics';
import type { ObservedTrials } from './observed.js';

export interface ProcessDraws {
  /** In units of reward, over the unit cube at full fidelity. */
  readonly paths: readonly SamplePath[];
  /** The process with each draw's hyperparameters, of standardised rewards. */
  readonly posteriors: readonly Posterior[];
  /** Standardised rewards [n], as the processes were conditioned on. */
  readonly values: Float64Array;
  /** What a standardised reward of 0 and a difference of 1 are. */
  readonly centre: number;
  readonly scale: number;
}

/** Fewer runs at full fidelity tell nothing of this many parameters. */
const FEWEST = 5;
/**
 * Steps of the chain before the first draw counts, and between two draws: after so many it has nearly
 * forgotten where it was.
 */
const BURN_IN = 200;
const THIN = 40;
/**
 * s², of standardised rewards: another seed moves a run by some hundredths of what rates over the whole space
 * do, and where no trial was repeated nothing but this belief says so.
 */
const NOISE: LogNormal = { mean: -5, deviation: 1.5 };
/** Cosines of a path. Each path has its own, so that what they lack evens out over the draws. */
const FEATURES = 256;

/** @throws InputError of too few full runs, or of rewards that are all alike */
export function drawProcess({ runs, file }: ObservedTrials, count: number, seed: number): ProcessDraws {
  const full = runs.filter(({ fidelity }) => fidelity === 1).length;
  if (full < FEWEST) {
    throw new InputError(
      `${file} has ${full} runs at full fidelity, and importance needs at least ${FEWEST}; let the search go on.`,
    );
  }
  const { values, centre, scale } = standardised(runs.map(({ reward }) => reward));
  if (!(scale > 0)) {
    throw new InputError(`All rewards of ${file} are ${centre}, so that nothing matters for them.`);
  }
  const d = runs[0]?.unit.length ?? 0;
  const inputs: Inputs = {
    d,
    n: runs.length,
    x: Float64Array.from(runs.flatMap(({ unit }) => [...unit])),
    z: Float64Array.from(runs, ({ fidelity }) => fidelity),
  };
  const priors = { ...defaultPriors(d), noiseVariance: NOISE };
  const withError = full < runs.length;
  const parameters = fitHyperparameters(inputs, values, { priors, withError, shifts: [-1, 1] });
  const chain = randomStream(seed, 0, 'importance: hyperparameters');
  const start = toLogs(parameters);
  const regression = { inputs, y: values, priors };
  const [warm = start] = sampleHyperparameters(regression, start, { count: 1, thin: BURN_IN }, chain);
  const states = sampleHyperparameters(regression, warm, { count, thin: THIN }, chain);
  const posteriors = states.flatMap((logs) => condition(fromLogs(logs, d), inputs, values) ?? []);
  const paths = posteriors.map((posterior, s): SamplePath => {
    const path = samplePath(posterior, values, randomStream(seed, s, 'importance: path'), FEATURES);
    return (x) => centre + scale * path(x);
  });
  return { paths, posteriors, values, centre, scale };
}

function standardised(rewards: readonly number[]): Pick<ProcessDraws, 'values' | 'centre' | 'scale'> {
  const centre = meanOf(rewards);
  const variance = rewards.reduce((sum, reward) => sum + (reward - centre) ** 2, 0) / rewards.length;
  const scale = Math.sqrt(variance);
  return { values: Float64Array.from(rewards, (reward) => (reward - centre) / scale), centre, scale };
}
