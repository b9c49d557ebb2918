export {
  fingerprinted,
  groupingFromJson,
  groupingSchema,
  groupingToJson,
  isEmptyGroup,
  layerGrouping,
  paperGrouping,
  refuseMixedGroupings,
} from './layer-groups.js';
export type { Grouping, LayerGroup, Part } from './layer-groups.js';
export { parsePatternGroups, patternSource, readGrouping } from './pattern-groups.js';
export { assignGroups, describeGroups, type GroupRow, type LayerOf } from './assignment.js';
export { parseRates } from './rates.js';
export { decayedRates, frozenRates, groupDepths } from './depth-rates.js';
export { OPTIMIZER_NAMES, SCHEDULE_NAMES, type OptimizerName, type ScheduleName } from './names.js';
export { scheduleFactor, schedules, warmupSteps, type Schedule } from './schedule.js';
export { recipes, stateNamesOf } from './recipes.js';
export type { AdamRecipe, AdamWRecipe, OptimizerRecipe, SgdRecipe, StepSettings } from './recipes.js';
export { referenceOptimizer, type Optimizer, type OptimizerState, type Trained } from './reference.js';
export { pulledGradients, type Pull } from './pull.js';
export {
  clipFactor,
  createFusedOptimizer,
  createGradientAccumulator,
  loadSquares,
  namedState,
  optimizerFloats,
} from './fused.js';
export type { FusedOptimizer, FusedOptimizerInput, GradientAccumulator, Rates } from './fused.js';
