/** Public face of `@layerwise/evaluation`. */
export {
  compareMethods,
  COMPARED_MEASURES,
  type ComparedMeasure,
  type Comparison,
  type ResampleOptions,
} from './compare.js';
export { evaluationOf, type EvaluatedRun, type Evaluation, type EvaluationPlan } from './evaluation.js';
export { flipsOf, type Flip } from './flips.js';
export {
  backwardTransfer,
  forgetting,
  intransigence,
  MEASURES,
  measuresOf,
  reward,
  type Accuracies,
  type Measure,
  type MeasureName,
  type Measures,
} from './measures.js';
export {
  describeCell,
  EVALUATED_METHODS,
  planCells,
  readEvaluatedPair,
  type Cell,
  type EvaluatedPair,
  type EvaluationChoices,
  type PlanOptions,
} from './plan.js';
export { rankMethods, type Ranking } from './rank.js';
export {
  readSearch,
  SEARCHED_METHODS,
  searchedRates,
  type SearchedMethod,
  type SearchedPair,
} from './rate-sources.js';
export { failedCell, readCell, type Answers, type CellResult } from './read-cell.js';
export {
  evaluateMethods,
  failedSentence,
  type EvaluateEnd,
  type EvaluateOptions,
  type FailedCell,
} from './evaluate.js';
export { createObjective, type CellConfiguration } from './run-cell.js';
export { runEvaluation, type EvaluationEnd, type RunEvaluationOptions } from './run-evaluation.js';
export { summarise, summaryOf, type Summary } from './summary.js';
export { evaluationText } from './text.js';
export { comparisonInWords, rankingInWords, verdictOf, type Verdict } from './wording.js';
export { EVALUATION_OUTPUTS, writeEvaluation } from './write-evaluation.js';
export { evaluationStage } from './stage.js';
