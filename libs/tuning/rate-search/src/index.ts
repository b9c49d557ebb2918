/** Public face of `@layerwise/rate-search`. */
export { bestRows, bestTableText } from './results/best-table.js';
export { compareWithControl, comparisonText } from './results/comparison.js';
export {
  configurationOf,
  costOf,
  createWork,
  isNamedSpace,
  openSearch,
  type FinetuneConfiguration,
} from './objective/finetune-objective.js';
export { controlOf, journalOf, refuseOtherFolder, stateIn } from './searches/folder.js';
export { readFirstPoints } from './spaces/first-points.js';
export { writeSearch, type SearchResult, type StudyJson } from './results/outputs.js';
export { costOfRecord, ratesOf, recordOf, stepsName, titleOf } from './searches/record.js';
export { reportText, searchReport } from './results/report.js';
export { runSearches, type StartingSearch } from './searches/run-searches.js';
export { commandSearch, finetuneSearches, type PreparedSearch } from './searches/prepare-search.js';
export { searchStage } from './stage.js';
export { smallRungCaution } from './objective/small-rungs.js';
export { readSpaceFile, readSpaceText } from './spaces/space-file.js';
export { trialColumns } from './results/trial-rows.js';
