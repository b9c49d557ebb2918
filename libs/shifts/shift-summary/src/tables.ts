/**
 * The Arrow files of the stage: the measures of each split (declared in @layerwise/artifacts), every dev
 * row's score, and what MMD² is by chance.
 */
import { column, defineTable, shiftSummaryTable, type ColumnsOf } from '@layerwise/artifacts';
import { PAIR_SPLITS, PARTS, type Pair, type PairSplit, type PerPart, type PerSplit } from '@layerwise/pairs';
import type { SampleTest, ClassifierResult } from './compare.js';

export { shiftSummaryTable };

export const scoreTable = defineTable({
  name: 'shift-scores',
  version: 1,
  description:
    'What the linear classifier says of every dev row: those of D_o, then those of D_s, in their order',
  columns: [
    column('part', 'utf8', 'original or shifted'),
    column('index', 'int32', "the row's number in the task's own source"),
    column('score', 'float64', 'above 0: told to be of D_s', 'log odds'),
  ],
});

export const permutationTable = defineTable({
  name: 'shift-permutations',
  version: 1,
  description: 'MMD² of the same rows dealt to the parts at random',
  columns: [column('split', 'utf8', 'train or dev'), column('mmdSquared', 'float64', 'of one deal')],
});

/** The columns of `shift-summary.arrow`. */
export function summaryColumns(
  pair: Pair,
  tests: PerSplit<SampleTest>,
  { heldOut }: ClassifierResult,
): ColumnsOf<(typeof shiftSummaryTable)['columns']> {
  const ints = (of: (split: PairSplit) => number) => Int32Array.from(PAIR_SPLITS, of);
  const floats = (of: (split: PairSplit) => number) => Float64Array.from(PAIR_SPLITS, of);
  return {
    split: PAIR_SPLITS,
    rowsOriginal: ints((split) => pair.original[split].label.length),
    rowsShifted: ints((split) => pair.shifted[split].label.length),
    sampledOfPart: ints((split) => tests[split].rowsOfPart),
    medianDistance: floats((split) => tests[split].medianDistance),
    mmdSquared: floats((split) => tests[split].mmdSquared),
    pValue: floats((split) => tests[split].pValue),
    permutations: ints((split) => tests[split].permuted.length),
    heldOutOriginal: ints((split) => heldOut[split].scores.original.length),
    heldOutShifted: ints((split) => heldOut[split].scores.shifted.length),
    balancedAccuracy: floats((split) => heldOut[split].balancedAccuracy.value),
    balancedAccuracyLow: floats((split) => heldOut[split].balancedAccuracy.low),
    balancedAccuracyHigh: floats((split) => heldOut[split].balancedAccuracy.high),
    proxyADistance: floats((split) => heldOut[split].proxyADistance.value),
    proxyADistanceLow: floats((split) => heldOut[split].proxyADistance.low),
    proxyADistanceHigh: floats((split) => heldOut[split].proxyADistance.high),
  };
}

/** The columns of `scores.arrow`; `scores` of the dev rows. */
export function scoreColumns(
  pair: Pair,
  scores: PerPart<Float64Array>,
): ColumnsOf<(typeof scoreTable)['columns']> {
  return {
    part: PARTS.flatMap((part) => new Array<string>(scores[part].length).fill(part)),
    index: Int32Array.from(PARTS.flatMap((part) => [...pair[part].dev.index])),
    score: Float64Array.from(PARTS.flatMap((part) => [...scores[part]])),
  };
}

/** The columns of `permutations.arrow`. */
export function permutationColumns({
  train,
  dev,
}: PerSplit<SampleTest>): ColumnsOf<(typeof permutationTable)['columns']> {
  const repeat = (split: string, { permuted }: SampleTest) => new Array<string>(permuted.length).fill(split);
  return {
    split: [...repeat('train', train), ...repeat('dev', dev)],
    mmdSquared: Float64Array.from([...train.permuted, ...dev.permuted]),
  };
}
