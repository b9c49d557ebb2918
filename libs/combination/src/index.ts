/** Public face of `@layerwise/combination`. */
export { parseAuthorLog, readAuthorLog } from './author-log.js';
export { combine, combineTrials, geometricMean, type Combination, type PairRates } from './combine.js';
export { PAPER_BASE, ranked, rankWeights } from './rank-weights.js';
export { readTrials } from './read-trials.js';
export type { PairTrials, RatedTrial } from './rated-trial.js';
export { readTrialsFile } from './trials-file.js';
export {
  WEIGHTINGS,
  weightingOf,
  type Weighting,
  type WeightingName,
  type WeightingNumbers,
} from './weightings.js';
