/** Public face of `@layerwise/shift-study`. */
export { commonestShare, figuresOf, type Figure, type PartPredictions } from './figures.js';
export { DIFFERENCES, MODELS, type Difference, type Model, type ModelName } from './measures.js';
export { partsShareHead, type Regime } from './regimes.js';
export { figureOf, studyMarkdown, studyText } from './render.js';
export { sampleTrainRows } from './sample-rows.js';
export {
  plannedUnits,
  runStudy,
  studyFingerprint,
  type PlannedUnit,
  type Study,
  type StudyEnd,
  type StudyOptions,
  type StudyTask,
  type TaskResult,
} from './study.js';
export { answersTable, studyTable } from './tables.js';
export { describeUnit, type UnitContext, type UnitName, type UnitProgress } from './unit.js';
export { writeStudy, type StudyProvenance } from './write-study.js';
