/** Public face of `@layerwise/model`. */
export { parseEncoderConfig, readModelType } from './config/config.js';
export {
  type Architecture,
  type EncoderConfig,
  type Head,
  canonicalName,
  classifierTensors,
  encoderTensors,
  layerOf,
} from './architectures/architecture.js';
export {
  type FloatTensor,
  type TensorShape,
  denseTemplates,
  inLayer,
  normTemplates,
} from './architectures/tensors.js';
export { ARCHITECTURES, SUPPORTED_ARCHITECTURES } from './architectures/registry.js';
export { bert } from './architectures/bert/bert.js';
export { BERT_NAMES } from './architectures/bert/names.js';
export { type BertSizes, bertConfig } from './architectures/bert/config.js';
export { writeWordPieceFiles } from './tokens/wordpiece-files.js';
export { countBertWords } from './tokens/bert-words.js';
export { trainWordPiece } from './tokens/wordpiece-training.js';
export { TOKENIZER_FILES, copyTokenizerFiles } from './tokens/tokenizer-files.js';
export { growingInts, reserve } from './tokens/growing-ints.js';
export { type EncoderFolder, openEncoder } from './folders/encoder-folder.js';
export { checkFinite, checkWeights, checkWordRows } from './folders/finite-weights.js';
export { type Safetensors, openSafetensors, openSafetensorsFolder } from './folders/safetensors-read.js';
export { packBatch, type PackedBatch, type TokenRows } from './forward/packing.js';
export { dropoutSites, type DropoutSite } from './forward/dropout-sites.js';
export { denseHead } from './forward/heads.js';
export { attention } from './forward/attention.js';
export { dense, firstRows, norm, packingOf, pickRows, take, type Tensors } from './forward/layers.js';
export { embeddingRows, embeddingRowsFloats } from './forward/embedding-rows.js';
export {
  ROWS,
  graphParameters,
  hiddenStatesProgram,
  meanTargets,
  packingBindings,
  predictionProgram,
  trainingProgram,
  type ClassifierOptions,
} from './programs/programs.js';
export {
  EARLIER_LOGITS,
  PERTURBATION,
  TEXT_WEIGHTS,
  smartAscentProgram,
  smartForwardProgram,
  smartProgram,
} from './programs/smart.js';
export { ascend, normalNoise } from './programs/perturbation.js';
export { POOLINGS, type Pooling } from './options.js';
export { embeddingProgram } from './programs/embedding-program.js';
export { checkTokens, longestText } from './tokens/text-limits.js';
export {
  maskedBindings,
  maskedLanguageHead,
  maskedLanguageProgram,
  maskedScoreProgram,
} from './programs/masked-language.js';
export {
  taughtLanguageProgram,
  taughtScoreProgram,
  teacherBindings,
  teacherProjection,
  type TeachingWeights,
} from './programs/taught-language.js';
export { readMaskedLanguageHead } from './folders/masked-language-weights.js';
export { type NamedTensor, writeSafetensors } from './folders/safetensors-write.js';
export { readJsonAs } from './folders/json-file.js';
export { MOST_CHARACTERS } from './tokens/known-parts.js';
export { type Tokenizer, loadTokenizer } from './tokens/tokenizer.js';
export { type TokenizedTexts, tokenize } from './tokens/token-rows.js';
export { tokenizeCached } from './tokens/token-cache.js';
export { initializeEncoder, initializeHead, initializeTensors } from './folders/initialize.js';
export { saveClassifier, saveEncoder } from './folders/save-folder.js';
export { createTinyEncoderFolder } from './folders/tiny-encoder.js';
