export {
  fingerprinted,
  groupingFromJson,
  groupingToJson,
  isEmptyGroup,
  layerGrouping,
  paperGrouping,
  refuseMixedGroupings,
} from './layer-groups.js';
export type { Grouping, LayerGroup } from './layer-groups.js';
export { parsePatternGroups, patternSource, readGrouping } from './pattern-groups.js';
export { assignGroups, describeGroups } from './assignment.js';
export { parseRates } from './rates.js';
export { decayedRates, frozenRates, groupDepths } from './depth-rates.js';
export { type ScheduleName } from './names.js';
export { scheduleFactor, warmupSteps } from './schedule.js';
export { recipes } from './recipes.js';
export type { OptimizerRecipe } from './recipes.js';
export { type Pull } from './pull.js';
export {
  clipFactor,
  createFusedOptimizer,
  createGradientAccumulator,
  loadSquares,
  namedState,
  optimizerFloats,
} from './fused.js';
export type { FusedOptimizer, GradientAccumulator, Rates } from './fused.js';
