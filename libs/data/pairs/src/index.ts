/** Public face of `@layerwise/pairs`. */
export type { PairKind } from './options.js';
export { checkParts } from './check-parts.js';
export { drawPairPlots } from './draw-plots.js';
export { drawSubset, type Draw } from './draw-subset.js';
export {
  PAIR_SPLITS,
  PARTS,
  cutTask,
  halvesOf,
  pairOfTasks,
  partOf,
  perPart,
  perSplit,
  type Pair,
  type PairRows,
  type PairSplit,
  type PartName,
  type PerPart,
  type PerSplit,
} from './pair.js';
export { PAIR_OUTPUTS, readPairFolder, writePairFolder, type PairDetails } from './pair-folder.js';
export { LENGTH_UNITS, rowsTable, type LengthUnit } from './rows-table.js';
export { shiftTable } from './summary.js';
export { wordLengths } from './words.js';
