export { occurringVocabulary, wholeVocabulary } from './weights/active-vocabulary.js';
export { epochOrder, stepRows } from './batches/batch-order.js';
export {
  CHECKPOINT_FILE,
  readCheckpoint,
  writeCheckpoint,
  type CheckpointKind,
} from './phases/checkpoint.js';
export { settingsFrom, type Choices } from './choices.js';
export { type Evaluation } from './phases/evaluate.js';
export { removeCheckpoint, runProtocol, type RunOptions, type RunOutcome } from './runs/finetune.js';
export {
  createMaskedScorer,
  createMaskedTrainer,
  createTaughtScorer,
  createTaughtTrainer,
  type MaskedBatch,
  type MaskedScorer,
  type MaskedTrainer,
  type TaughtBatch,
  type TaughtScorer,
} from './step/masked-trainer.js';
export { drawShare } from './batches/mask-texts.js';
export { readCorpus, type CorpusFile } from './batches/corpus.js';
export { fisherOfClassifier, meanSquaredGradients } from './methods/fisher.js';
export { PLAIN, type Method, type Penalty, type StoredFisher } from './methods/method.js';
export { fisherOptions, withMethod } from './methods/methods.js';
export { takeFisher } from './methods/take-fisher.js';
export { OUTPUTS } from './results/outputs.js';
export { groupRates } from './phases/phase-rates.js';
export type { StepReport } from './phases/phase.js';
export { refuseStillPhases } from './phases/still-phase.js';
export {
  prepareRun,
  prepareSequence,
  prepareTrial,
  type PreparedRun,
  type PreparedSequence,
  type Tokenize,
} from './runs/prepare.js';
export { bestRates, ratesFrom } from './rates-from.js';
export { finishedFingerprint, readResults } from './results/read-results.js';
export { PHASES, type Phase, type Settings } from './settings.js';
export { createTrainer, trainStep, type Trainer, type UpdateSettings } from './step/trainer.js';
export { createTrainingState, type TrainingState } from './step/training-state.js';
export { createPredictor } from './step/predictor.js';
export { encoderWeights, loadEncoder, planWeights, type WeightPlan } from './weights/weights.js';
export { keepRun } from './runs/kept-run.js';
export { completeRun, completeSequence, rememberTexts, tokenizerOf } from './runs/run.js';
export {
  cutRung,
  phaseLengths,
  resumedRung,
  rungSteps,
  shortRung,
  type PhaseLengths,
  type Rung,
  type RungDesign,
} from './runs/rung.js';
export { lengthsOfRows, workOfRun } from './runs/run-work.js';
export { RUNG_FILES, runRung, type RungOptions, type RungOutcome } from './runs/run-rung.js';
export {
  runSequence,
  SEQUENCE_CHECKPOINT,
  sequenceFingerprint,
  type AccuracyMatrix,
  type SequenceOptions,
  type SequenceOutcome,
} from './runs/sequence.js';
export {
  readSequence,
  SEQUENCE_OUTPUTS,
  writeSequence,
  writeSequenceManifest,
} from './results/write-sequence.js';
export { finetuneStage } from './stage.js';
export {
  clearStage,
  removeOtherCheckpoint,
  runInputs,
  runParameters,
  settingsOfStage,
  trainingOf,
  workWith,
} from './stage-training.js';
export { writeRunManifest, type ResultsRow } from './results/write-results.js';
