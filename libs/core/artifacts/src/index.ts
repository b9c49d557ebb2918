export { readAnyTable } from './arrow/any-table.js';
export {
  isTemporaryName,
  lockName,
  removeLeftovers,
  syncFolder,
  writeAtomically,
  writeFileAtomically,
  writeFully,
} from './files/atomic.js';
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
  type MadeTask,
  type MadeTasks,
  type RowsOfInput,
} from './stages/define-stage.js';
export { clusterTable } from './schemas/cluster-table.js';
export { writeCommandManifest, type Provenance } from './stages/command-manifest.js';
export { trialsTable } from './schemas/trials-table.js';
export { digestOf, digestOfFile, filesBelow, fingerprint } from './files/digest.js';
export { drawPlots, lacksPlots } from './stages/draw-plots.js';
export {
  checkEmbeddingsOf,
  digestOfTexts,
  embeddingTable,
  joinVectors,
  readEmbeddingFolder,
  readEmbeddingsOf,
  takeVectors,
  writeEmbeddingFolder,
  type Embeddings,
  type Vectors,
} from './folders/embedding-folder.js';
export { historyTable, resultsTable, runDriftTable } from './schemas/finetune-tables.js';
export { parseJson, writeJson } from './files/json.js';
export {
  combinationFile,
  presetFile,
  ranksFile,
  readJsonFile,
  studyFile,
  type CombinationFile,
  type RanksFile,
  type StudyFile,
} from './schemas/json-files.js';
export {
  accuracyMatrixTable,
  comparisonsTable,
  driftTable,
  evaluationTable,
  flipsTable,
  summaryTable,
} from './schemas/evaluation-tables.js';
export { projectionTable } from './schemas/projection-table.js';
export { predictionsTable } from './schemas/prediction-table.js';
export {
  currentVersions,
  findManifest,
  manifestName,
  ownManifest,
  readManifest,
  removeManifest,
  verifyOutputs,
  writeManifest,
  type Manifest,
} from './stages/manifest.js';
export { readTable, type Table } from './arrow/read-table.js';
export { readRows, writeRows, type RowOf } from './arrow/rows.js';
export {
  runStage,
  stageFolder,
  stageStatus,
  type StageResult,
  type StageStatus,
} from './stages/run-stage.js';
export {
  column,
  defineTable,
  nullableColumn,
  type ColumnDeclaration,
  type ColumnsOf,
  type DataOf,
  type ListColumn,
  type Metadata,
  type TableSchema,
} from './arrow/schema.js';
export { shiftSummaryTable } from './schemas/shift-summary-table.js';
export { studyTable } from './schemas/shift-study-table.js';
export { renderTable, tableAsJson } from './arrow/show.js';
export { limitRows, takeRows, type Split, type Task } from './folders/task.js';
export { isTaskFolder, readTaskFolder, writeTaskFolder } from './folders/task-folder.js';
export { parsePythonJson } from './files/python-json.js';
export { textTable } from './files/text-table.js';
export { writeTable } from './arrow/write-table.js';
export { refuseForeign, whileWriting } from './stages/folder-lock.js';
export { startStopwatch, type Times } from './stages/stopwatch.js';
