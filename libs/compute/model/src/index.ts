/** Public face of `@layerwise/model`. */
export { type ArchitectureName, type EncoderConfig } from './encoder-config.js';
export {
  SUPPORTED_ARCHITECTURES,
  architectureOf,
  parseEncoderConfig,
  readEncoderConfig,
  readModelType,
} from './config.js';
export {
  type Architecture,
  type Dimension,
  type TensorShape,
  type TensorTemplate,
  classifierTensors,
  encoderTensors,
  layerOf,
} from './architecture.js';
export { bert } from './bert.js';
export { type BertSizes, bertConfig, writeJson, writeWordPieceFiles } from './bert-folder.js';
export { bertWords, countBertWords } from './bert-words.js';
export { SPECIAL_TOKENS, type WordPieceOptions, trainWordPiece } from './wordpiece-training.js';
export { TOKENIZER_FILES, copyTokenizerFiles } from './tokenizer-files.js';
export { type GrowingInts, growingInts, reserve } from './growing-ints.js';
export { type ClassifierHead, type EncoderFolder, type TensorSource, openEncoder } from './encoder-folder.js';
export { type Safetensors, openSafetensors, openSafetensorsFolder } from './safetensors-read.js';
export { type SafetensorsHeader, type StoredTensor, type StoredType } from './safetensors-header.js';
export { packBatch, type PackedBatch, type TokenRows } from './packing.js';
export { dropoutSites, type DropoutSite } from './dropout-sites.js';
export { denseHead, pooledHead, type Head, type HeadTensor } from './heads.js';
export { embeddingRows, embeddingRowsFloats, type EmbeddingRows } from './embedding-rows.js';
export { ENCODER_NAMES, type EncoderNames } from './layer-names.js';
export {
  ROWS,
  graphParameters,
  hiddenStatesProgram,
  meanTargets,
  packingBindings,
  predictionProgram,
  trainingProgram,
  type ClassifierOptions,
} from './programs.js';
export {
  EARLIER_LOGITS,
  PERTURBATION,
  TEXT_WEIGHTS,
  smartAscentProgram,
  smartForwardProgram,
  smartProgram,
  type SmartWeights,
} from './smart.js';
export { ascend, normalNoise, type Ascent } from './perturbation.js';
export { POOLINGS, embeddingProgram, type Pooling } from './embedding-program.js';
export { checkTokens, longestText } from './text-limits.js';
export {
  maskedBindings,
  maskedLanguageHead,
  maskedLanguageProgram,
  maskedScoreProgram,
} from './masked-language.js';
export {
  taughtLanguageProgram,
  taughtScoreProgram,
  teacherBindings,
  teacherProjection,
  type TeachingWeights,
} from './taught-language.js';
export { readMaskedLanguageHead } from './masked-language-weights.js';
export {
  type FloatType,
  type NamedTensor,
  type TensorData,
  type WriteSafetensorsOptions,
  writeSafetensors,
} from './safetensors-write.js';
export { readJson, readJsonAs } from './json-file.js';
export { type Tokenizer, loadTokenizer } from './tokenizer.js';
export { type TokenizedTexts, tokenize } from './tokenize.js';
export { tokenTable, tokenizeCached } from './token-cache.js';
export { type Piece, type SpecialTokens } from './special-tokens.js';
export { type InitialTensor, initializeEncoder, initializeHead, initializeTensors } from './initialize.js';
export { type ClassifierTensors, type FloatTensor, saveClassifier, saveEncoder } from './save-folder.js';
export { classifierOfLinearHead } from './linear-head.js';
export { type TinyEncoderOptions, createTinyEncoderFolder } from './tiny-encoder.js';
export {
  type ExpectedNumbers,
  type ExpectedTokens,
  type Fixture,
  findFixtures,
  isFixture,
  readFixture,
} from './reference-fixture.js';
