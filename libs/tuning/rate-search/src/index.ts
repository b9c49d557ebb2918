/** Public face of `@layerwise/rate-search`. */
export { bestRows, bestTableText, type BestRow } from './results/best-table.js';
export { compareWithControl, comparisonText, type Comparison } from './results/comparison.js';
export {
  costOf,
  createWork,
  isNamedSpace,
  openSearch,
  RUNG_DESIGNS,
  type FinetuneConfiguration,
  type OpenedSearch,
} from './objective/finetune-objective.js';
export { controlOf, journalOf, refuseOtherFolder, stateIn } from './searches/folder.js';
export { readGivenPoints } from './spaces/given-points.js';
export {
  studyJson,
  writeSearch,
  type SearchProvenance,
  type SearchResult,
  type StudyJson,
} from './results/outputs.js';
export {
  costOfRecord,
  ratesOf,
  recordOf,
  stepsName,
  titleOf,
  type FinetuneRecord,
  type SearchRecord,
} from './searches/record.js';
export { reportText, searchReport, type SearchReport } from './results/report.js';
export {
  budgetOfControl,
  plannedSteps,
  runSearches,
  settingsOf,
  type SearchCall,
  type SearchesEnd,
  type SearchPlan,
  type Watched,
} from './searches/run-searches.js';
export { commandSearch, finetuneSearches, type FinetuneSearch, type Searched } from './searches/searched.js';
export { NAMED_SPACES, PROTOCOLS, type Protocol, type RungName, type SpaceName } from './options.js';
export { searchTask } from './objective/selection.js';
export { searchStage } from './stage.js';
export { smallRungCaution } from './objective/small-rungs.js';
export { readSpaceFile, readSpaceText } from './spaces/space-file.js';
export { namedSpace, PAPER_RANGE, spaceOfJson, type RateRange, type RateSpace } from './spaces/spaces.js';
export { trialColumns } from './results/trial-rows.js';
