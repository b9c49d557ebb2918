/** Public face of `@layerwise/combination`. */
export type { WeightingName } from './options.js';
export { parseAuthorLog, readAuthorLog } from './author-log.js';
export { bootstrapBand, type Band, type BandOptions } from './bootstrap-band.js';
export { combine, combineTrials, geometricMean, type Combination, type PairRates } from './combine.js';
export {
  distributionOf,
  type Distribution,
  type DistributionSettings,
  type PairSummary,
} from './distribution.js';
export { distributionText } from './distribution-text.js';
export { combinationJson, ratesOption } from './export-json.js';
export { areAlike, flatTrials, type FlatTrial } from './flat-trials.js';
export { leaveOneOut, type LeftOut } from './leave-one-out.js';
export { PAPER_BASE, ranked, rankWeights } from './rank-weights.js';
export { readCombination } from './read-combination.js';
export { readTrials } from './read-trials.js';
export type { PairTrials, RatedTrial } from './rated-trial.js';
export { pairNameOf, readTrialsFile } from './trials-file.js';
export { WEIGHTINGS, weightingOf, type Weighting, type WeightingNumbers } from './weightings.js';
export { distributionChart } from './distribution-figure.js';
export { pytorchSnippet } from './export-pytorch.js';
export { timmSnippet } from './export-timm.js';
export { trainerSnippet } from './export-trainer.js';
export { fitLayerDecay, type LayerDecay } from './layer-decay.js';
export { parameterGroups, type ParameterGroup } from './parameter-patterns.js';
export { ratesAtDepth, type GroupedRates } from './rates-at-depth.js';
export { combinationStage } from './stage.js';
export {
  writeCombination,
  type CombinationProvenance,
  type WrittenCombination,
} from './write-combination.js';
