/**
 * How much each of a pair's trials counts: the paper's rank weights and others to compare them with, as
 * functions from the trials, best first, to weights that sum to 1. Neighbours: `rank-weights.ts` (the
 * formula), `combine.ts` (its use).
 */
import { InputError } from '@layerwise/errors';
import type { WeightingName } from '../options.js';
import { normalised, PAPER_BASE, rankWeights } from './rank-weights.js';
import type { RatedTrial } from '../trials/rated-trial.js';

/** [trials] from the best to the worst → [trials] weights of at least 0 that sum to 1. */
export type Weighting = (trials: readonly RatedTrial[]) => Float64Array;

/** Numbers that some of the weightings take. */
export interface WeightingNumbers {
  /** Base of the rank weights. */
  readonly b?: number | undefined;
  /** How many of the best count. */
  readonly top?: number | undefined;
  /** In units of reward: trials that differ by it differ e-fold in weight. */
  readonly temperature?: number | undefined;
}

interface WeightingEntry {
  readonly description: string;
  /** The one number that it takes, if any. */
  readonly takes: keyof WeightingNumbers | null;
  readonly make: (numbers: WeightingNumbers) => Weighting;
}

const TOP = 5;
const TEMPERATURE = 0.02;

/** The weightings by name; `rank` is the paper's. */
export const WEIGHTINGS = {
  rank: {
    description: 'b to the power of minus the rank (the paper)',
    takes: 'b',
    make:
      ({ b = PAPER_BASE }) =>
      (trials) =>
        rankWeights(trials.length, b),
  },
  best: {
    description: 'the best trial alone',
    takes: null,
    make: () => (trials) => Float64Array.from(trials, (_, rank) => (rank === 0 ? 1 : 0)),
  },
  top: {
    description: 'the best few alike',
    takes: 'top',
    make: ({ top = TOP }) => {
      if (!Number.isInteger(top) || top < 1) {
        throw new InputError(`--top must be a whole number of at least 1, not ${top}.`);
      }
      return (trials) => normalised(Float64Array.from(trials, (_, rank) => (rank < top ? 1 : 0)));
    },
  },
  softmax: {
    description: 'exp(reward / temperature)',
    takes: 'temperature',
    make: ({ temperature = TEMPERATURE }) => {
      if (!(temperature > 0 && temperature < Infinity)) {
        throw new InputError(`--temperature must be a number above 0, not ${temperature}.`);
      }
      return (trials) => {
        // The best one's exponent is 0, so that nothing overflows.
        const best = trials[0]?.reward ?? 0;
        return normalised(Float64Array.from(trials, ({ reward }) => Math.exp((reward - best) / temperature)));
      };
    },
  },
} as const satisfies Record<WeightingName, WeightingEntry>;

/**
 * The weighting called `name` with its number, or its default.
 * @throws InputError for a number out of its range, or one that this weighting does not take
 */
export function weightingOf(name: WeightingName, numbers: WeightingNumbers = {}): Weighting {
  const { takes, make }: WeightingEntry = WEIGHTINGS[name];
  for (const [number, value] of Object.entries(numbers) as [keyof WeightingNumbers, number | undefined][]) {
    if (value !== undefined && number !== takes) {
      throw new InputError(
        `--${number} does not belong to --weights ${name}; leave it out or choose other --weights.`,
      );
    }
  }
  return make(numbers);
}
