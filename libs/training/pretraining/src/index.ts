export { CHECKPOINT_FILE, readCorpus, type CorpusFile } from '@layerwise/finetune';
export { curveChart, curveColumns, curveTable, readCurve, type Curve } from './curve.js';
export { splitSentences, taughtBatch, type Lesson, type TaughtTexts, type Teacher } from './lesson.js';
export { maskSequences, type MaskingRule } from './masking.js';
export { preparePretraining, type PreparedPretraining } from './prepare.js';
export { pretrain, rateAt, removeCheckpoint, type PretrainEnd, type PretrainOptions } from './pretrain.js';
export { MASKINGS, type Masking, type PretrainingSettings, type TeachingSettings } from './settings.js';
export { type NewEncoder, type Start } from './start-weights.js';
export { writeMaskedEncoder } from './write-encoder.js';
