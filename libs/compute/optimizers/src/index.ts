export {
  fingerprinted,
  groupingFromJson,
  groupingToJson,
  isEmptyGroup,
  layerGrouping,
  paperGrouping,
  refuseMixedGroupings,
  type Grouping,
  type LayerGroup,
} from './layer-groups.js';
export { parsePatternGroups, patternSource, readGrouping } from './pattern-groups.js';
export { assignGroups, describeGroups } from './assignment.js';
export { parseRates } from './rates.js';
export { decayedRates, frozenRates, groupDepths } from './depth-rates.js';
export { type ScheduleName } from './names.js';
export { moves, scheduleFactor, warmupSteps } from './schedule.js';
export { type OptimizerRecipe, recipes } from './recipes.js';
export { type Pull } from './pull.js';
export {
  clipFactor,
  createFusedOptimizer,
  createGradientAccumulator,
  loadSquares,
  namedState,
  optimizerFloats,
  type FusedOptimizer,
  type GradientAccumulator,
  type Rates,
} from './fused.js';
