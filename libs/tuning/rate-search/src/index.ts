/** Public face of `@layerwise/rate-search`. */
export { bestRows, bestTableText, type BestRow } from './best-table.js';
export { compareWithControl, comparisonText, type Comparison } from './comparison.js';
export {
  costOf,
  createObjective,
  isNamedSpace,
  openSearch,
  RUNG_DESIGNS,
  type FinetuneConfiguration,
  type OpenedSearch,
  type RungName,
} from './finetune-objective.js';
export { controlOf, journalOf, refuseOtherFolder, stateIn } from './folder.js';
export { readGivenPoints } from './given-points.js';
export {
  studyJson,
  writeSearch,
  type SearchProvenance,
  type SearchResult,
  type StudyJson,
} from './outputs.js';
export {
  costOfRecord,
  ratesOf,
  recordOf,
  stepsName,
  titleOf,
  type FinetuneRecord,
  type SearchRecord,
} from './record.js';
export { reportText, searchReport, type SearchReport } from './report.js';
export {
  budgetOfControl,
  plannedSteps,
  runSearches,
  settingsOf,
  type SearchCall,
  type SearchesEnd,
  type SearchPlan,
  type Watched,
} from './run-searches.js';
export { commandSearch, finetuneSearches, type FinetuneSearch, type Searched } from './searched.js';
export { PROTOCOLS, searchTask, type Protocol } from './selection.js';
export { searchStage } from './stage.js';
export { smallRungCaution } from './small-rungs.js';
export { readSpaceFile, readSpaceText } from './space-file.js';
export {
  NAMED_SPACES,
  namedSpace,
  PAPER_RANGE,
  spaceOfJson,
  type RateRange,
  type RateSpace,
  type SpaceName,
} from './spaces.js';
export { trialColumns } from './trial-rows.js';
