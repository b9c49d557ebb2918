export { CHECKPOINT_FILE, readCorpus, type CorpusFile } from '@layerwise/finetune';
export { curveChart, curveRows, curveTable, readCurve, type Curve } from './curve.js';
export { preparePretraining, type PreparedPretraining } from './prepare.js';
export { pretrain, removeCheckpoint, type PretrainEnd } from './pretrain.js';
export { refuseStill } from './still.js';
export type { PretrainingSettings } from './settings.js';
export { type NewEncoder, type Start } from './start-weights.js';
export { writeMaskedEncoder } from './write-encoder.js';
