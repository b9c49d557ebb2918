/** Public face of `@layerwise/evaluation`. */
export {
  compareMethods,
  COMPARED_MEASURES,
  type ComparedMeasure,
  type Comparison,
  type ResampleOptions,
} from './measures/compare.js';
export {
  evaluationOf,
  type EvaluatedRun,
  type Evaluation,
  type EvaluationPlan,
} from './measures/evaluation.js';
export { flipsOf, type Flip } from './measures/flips.js';
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
} from './measures/measures.js';
export {
  describeCell,
  planCells,
  readEvaluatedPair,
  type Cell,
  type EvaluatedPair,
  type EvaluationChoices,
  type PlanOptions,
} from './plan/plan.js';
export { rankMethods, type Ranking } from './measures/rank.js';
export {
  readSearch,
  SEARCHED_METHODS,
  searchedRates,
  type SearchedMethod,
  type SearchedPair,
} from './plan/rate-sources.js';
export { failedCell, readCell, type Answers, type CellResult } from './runs/read-cell.js';
export {
  evaluateMethods,
  failedSentence,
  type EvaluateEnd,
  type EvaluateOptions,
  type FailedCell,
} from './evaluate.js';
export { type CellConfiguration } from './runs/run-cell.js';
export { runEvaluation, type EvaluationEnd, type RunEvaluationOptions } from './runs/run-evaluation.js';
export { summarise, summaryOf, type Summary } from './measures/summary.js';
export { evaluationText } from './tables/text.js';
export { comparisonInWords, rankingInWords, verdictOf, type Verdict } from './tables/wording.js';
export { EVALUATION_OUTPUTS, writeEvaluation } from './tables/write-evaluation.js';
export { evaluationStage } from './stage.js';
