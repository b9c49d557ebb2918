/** Public face of `@layerwise/evaluation`. */
export { forgetting } from './measures/measures.js';
export { pairFolderName } from './plan/folder-names.js';
export { describeCell } from './plan/plan.js';
export { evaluateMethods, failedSentence, type EvaluateEnd } from './evaluate.js';
export { summaryOf } from './measures/summary.js';
export { evaluationText } from './tables/text.js';
export { comparisonInWords } from './tables/wording.js';
export { EVALUATION_OUTPUTS } from './tables/write-evaluation.js';
export { evaluationStage } from './stage.js';
