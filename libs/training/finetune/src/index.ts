export { occurringVocabulary, wholeVocabulary, type ActiveVocabulary } from './active-vocabulary.js';
export { epochOrder, stepRows, stepsPerEpoch } from './batch-order.js';
export { CHECKPOINT_FILE, isCheckpointOf, refuseOther, stateViews } from './checkpoint.js';
export { settingsFrom, type Choices } from './choices.js';
export { linearCka, type Representations } from './cka.js';
export { driftOf, type DriftFigure } from './drift.js';
export { evaluate, type Evaluation } from './evaluate.js';
export { removeCheckpoint, runProtocol, type RunOptions, type RunOutcome } from './finetune.js';
export {
  createMaskedScorer,
  createMaskedTrainer,
  createTaughtScorer,
  createTaughtTrainer,
  type MaskedBatch,
  type MaskedScore,
  type MaskedScorer,
  type MaskedTrainer,
  type TaughtBatch,
  type TaughtScorer,
} from './masked-trainer.js';
export { fisherOfPretrained, type FisherTexts, type PretrainedFisherOptions } from './fisher-pretrained.js';
export { readCorpus, type CorpusFile } from './corpus.js';
export { fisherTexts } from './fisher-texts.js';
export { PLAIN, type Method, type Penalty, type StoredFisher } from './method.js';
export { fisherOptions, METHODS, withMethod } from './methods.js';
export { METHOD_NAMES, type MethodName, type MethodOptions } from './options.js';
export { OUTPUTS } from './outputs.js';
export { groupRates, phaseSteps, type StepReport } from './phase.js';
export {
  prepareRun,
  prepareSequence,
  type GivenTask,
  type PreparedRun,
  type PreparedSequence,
  type Tokenize,
} from './prepare.js';
export { bestRates, ratesFrom } from './rates-from.js';
export { finishedFingerprint, readResults } from './read-results.js';
export { PHASES, type Phase, type Settings } from './settings.js';
export { batchesTable, historyTable, resultsTable } from './tables.js';
export { createTrainer, createTrainingState, type TrainingState, type UpdateSettings } from './trainer.js';
export { createPredictor } from './predictor.js';
export { loadEncoder, planWeights, type WeightPlan } from './weights.js';
export { keepRun, type KeptRunEnd, type KeptRunOptions } from './kept-run.js';
export { completeRun, rememberTexts, tokenizerOf, type CompleteRunOptions, type RunEnd } from './run.js';
export {
  cutRung,
  phaseLengths,
  resumedRung,
  rungSteps,
  shortRung,
  type PhaseLengths,
  type Rung,
  type RungDesign,
} from './rung.js';
export { lengthsOfRows, workOfRun, type RunLength } from './run-work.js';
export { RUNG_FILES, runRung, type RungOptions, type RungOutcome } from './run-rung.js';
export {
  runSequence,
  sequenceFingerprint,
  type AccuracyMatrix,
  type SequenceOptions,
  type SequenceOutcome,
} from './sequence.js';
export { readSequence, writeSequence, writeSequenceManifest } from './write-sequence.js';
export { finetuneStage } from './stage.js';
export {
  resultsRow,
  writePredictions,
  writeResults,
  writeRunManifest,
  type Provenance,
  type ResultsRow,
} from './write-results.js';
export {
  beyondTolerance,
  TOLERANCES,
  verifyFixture,
  type Verification,
  type VerifyOptions,
} from './verify.js';
export { benchmarkStep, type StepBenchmark, type StepBenchmarkOptions } from './step-benchmark.js';
