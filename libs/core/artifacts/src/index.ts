export { readAnyTable, type AnyColumn, type AnyTable } from './any-table.js';
export { isTemporaryName, syncFolder, writeAtomically, writeFileAtomically, writeFully } from './atomic.js';
export {
  defineStage,
  type InputDeclaration,
  type OutputDeclaration,
  type PlotContext,
  type Stage,
  type StageContext,
  type StageReport,
  type StageWork,
  type TaskRows,
} from './define-stage.js';
export { clusterTable } from './cluster-table.js';
export { writeCommandManifest, type Provenance } from './command-manifest.js';
export { trialsTable } from './trials-table.js';
export { canonicalJson, digestOf, digestOfFile, digestOfFolder, filesBelow, fingerprint } from './digest.js';
export { drawPlots, lacksPlots, plotsName } from './draw-plots.js';
export {
  checkEmbeddingsOf,
  digestOfTexts,
  embeddingTable,
  joinVectors,
  readEmbeddingFolder,
  readEmbeddingsOf,
  takeVectors,
  writeEmbeddingFolder,
  type EmbeddedSplit,
  type Embeddings,
  type Vectors,
} from './embedding-folder.js';
export { historyTable, resultsTable, runDriftTable } from './finetune-tables.js';
export { makeFolder } from './io-error.js';
export { parseJson, readJson } from './json.js';
export {
  accuracyMatrixTable,
  comparisonsTable,
  driftTable,
  evaluationTable,
  flipsTable,
  summaryTable,
} from './evaluation-tables.js';
export { projectionTable } from './projection-table.js';
export { predictionsTable } from './prediction-table.js';
export {
  currentVersions,
  findManifest,
  manifestName,
  manifestSchema,
  ownManifest,
  readManifest,
  removeManifest,
  verifyOutputs,
  writeManifest,
  type Manifest,
  type OutputDigest,
} from './manifest.js';
export { readTable, type Table } from './read-table.js';
export {
  refuseForeign,
  runStage,
  stageFolder,
  stageStatus,
  type RunOptions,
  type StageResult,
  type StageStatus,
} from './run-stage.js';
export {
  defineTable,
  type ColumnDeclaration,
  type ColumnsOf,
  type ColumnType,
  type DataOf,
  type FixedSizeListColumn,
  type ListColumn,
  type Metadata,
  type TableSchema,
} from './schema.js';
export { shiftSummaryTable } from './shift-summary-table.js';
export { studyTable } from './shift-study-table.js';
export { renderTable, tableAsJson, type Json, type ShowOptions, type TableJson } from './show.js';
export { limitRows, takeRows, type Split, type Task } from './task.js';
export { isTaskFolder, readTaskFolder, taskTable, writeTaskFolder } from './task-folder.js';
export { textTable } from './text-table.js';
export { writeTable, type WriteOptions, type WrittenTable } from './write-table.js';
