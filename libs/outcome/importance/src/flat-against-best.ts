/**
 * What the distribution of rates adds to its level, as the process predicts it: the best flat rate (all
 * groups alike, a diagonal of the space) against the best rates of all. Both are places where the mean of the
 * process is highest, the mean over the draws of hyperparameters; intervals come from drawn functions, each
 * of which is asked at both places.
 *
 * The diagonal lies in the space, so that the best of all is never predicted below the best flat one: what
 * tells is how far the interval of the difference stays from 0, and the measured control (`measured.ts`).
 */
import { minimiseInBox, predict, type Posterior } from '@layerwise/gaussian-process';
import { fromUnit, sobolPoints, toUnit, type SearchSpace } from '@layerwise/search';
import { intervalOf, type Interval } from './interval.js';
import type { ObservedTrials } from './observed.js';
import type { ProcessDraws } from './process-draws.js';

export interface FlatAgainstBest {
  readonly flat: { readonly rate: number; readonly reward: Interval };
  readonly best: { readonly rates: readonly number[]; readonly reward: Interval };
  /** Of the rewards: the best less the flat one. */
  readonly difference: Interval;
  /** Share of the drawn functions in which the best rates are better than the flat one. */
  readonly probability: number;
}

/** Rates of the diagonal that are looked at. */
const FLAT_RATES = 401;
const CANDIDATES = 1024;
const STARTS = 6;
/** Processes whose mean sorts the candidates; what is climbed from the best of them is the mean of all. */
const PROCESSES = 12;

/** null where the space is not of rates, or no rate lies in the range of every group. */
export function flatAgainstBest(
  { space, grouping, runs }: ObservedTrials,
  { paths, posteriors, centre, scale }: ProcessDraws,
  seed: number,
): FlatAgainstBest | null {
  const diagonal = grouping === null ? [] : flatRates(space);
  if (diagonal.length === 0) return null;
  const mean = meanOf(posteriors);
  const every = Math.max(1, Math.floor(posteriors.length / PROCESSES));
  const roughly = meanOf(posteriors.filter((_, s) => s % every === 0));
  const flats = diagonal.map((rate) => ({ rate, x: Float64Array.from(toUnit(space, flat(space, rate))) }));
  const bestFlat = highest(flats, ({ x }) => mean(x));
  const seen = runs.map(({ unit }) => Float64Array.from(unit));
  const starts = [...sobolPoints(space.names.length, CANDIDATES, seed), ...seen]
    .map((x) => ({ x, value: roughly(x) }))
    .sort((a, b) => b.value - a.value)
    .slice(0, STARTS)
    .map(({ x }) => x);
  const ends = [...(bestFlat === undefined ? [] : [bestFlat.x]), ...starts].map((x) => climb(mean, x));
  const best = highest(ends, (x) => mean(x));
  if (bestFlat === undefined || best === undefined) return null;
  const reward = (x: Float64Array): number => centre + scale * mean(x);
  const atFlat = paths.map((path) => path(bestFlat.x));
  const atBest = paths.map((path) => path(best));
  const differences = atBest.map((value, s) => value - (atFlat[s] ?? NaN));
  // Means by the processes themselves: those of the draws differ by chance.
  const [flatMean, bestMean] = [reward(bestFlat.x), reward(best)];
  return {
    flat: { rate: bestFlat.rate, reward: { ...intervalOf(atFlat), mean: flatMean } },
    best: {
      rates: fromUnit(space, [...best]).map(Number),
      reward: { ...intervalOf(atBest), mean: bestMean },
    },
    difference: { ...intervalOf(differences), mean: bestMean - flatMean },
    probability: differences.filter((difference) => difference > 0).length / differences.length,
  };
}

/** Even in the logarithm over the range that all parameters share; none where there is none. */
function flatRates({ parameters }: SearchSpace): number[] {
  const floats = parameters.flatMap((one) => (one.type === 'float' ? [one] : []));
  const low = Math.log(Math.max(...floats.map((one) => one.low)));
  const high = Math.log(Math.min(...floats.map((one) => one.high)));
  if (!(low <= high)) return [];
  return Array.from({ length: FLAT_RATES }, (_, i) => Math.exp(low + ((high - low) * i) / (FLAT_RATES - 1)));
}

function flat({ names }: SearchSpace, rate: number): number[] {
  return names.map(() => rate);
}

type Mean = (x: Float64Array, gradient?: Float64Array) => number;

/** The mean over processes, in standardised units; adds its gradient [d] where one is asked for. */
function meanOf(posteriors: readonly Posterior[]): Mean {
  return (x, gradient) => {
    const own = { mean: new Float64Array(x.length), variance: new Float64Array(x.length) };
    let total = 0;
    for (const posterior of posteriors) {
      total += predict(posterior, x, 1, gradient && own).mean / posteriors.length;
      gradient?.forEach((slope, i) => {
        gradient[i] = slope + own.mean[i]! / posteriors.length;
      });
    }
    return total;
  };
}

/** From `start` up to where the mean rises no more, within the cube. */
function climb(mean: Mean, start: Float64Array): Float64Array {
  const box = { low: start.map(() => 0), high: start.map(() => 1) };
  const downhill = (x: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    const value = mean(x, gradient);
    gradient.forEach((slope, i) => (gradient[i] = -slope));
    return -value;
  };
  return minimiseInBox(downhill, start, box, { maxIterations: 60 }).x;
}

function highest<Item>(items: readonly Item[], value: (item: Item) => number): Item | undefined {
  return items
    .map((item) => ({ item, value: value(item) }))
    .reduce<{ item: Item; value: number } | undefined>(
      (best, one) => (best === undefined || one.value > best.value ? one : best),
      undefined,
    )?.item;
}
