/** Public face of `@layerwise/shift-study`. */
export { commonestShare, figuresOf, type PartPredictions } from './figures.js';
export { DIFFERENCES, MODELS, type ModelName } from './measures.js';
export { partsShareHead } from './regimes.js';
export { figureOf, studyMarkdown, studyText } from './render.js';
export { sampleTrainRows } from './sample-rows.js';
export {
  plannedUnits,
  runStudy,
  studyFingerprint,
  type Study,
  type StudyEnd,
  type StudyOptions,
  type StudyTask,
} from './study.js';
export { answersTable, studyTable } from './tables.js';
export { describeUnit } from './unit.js';
export { writeStudy } from './write-study.js';
