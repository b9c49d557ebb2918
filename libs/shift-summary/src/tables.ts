/** The Arrow files of the stage: the measures of each split, every dev row's score, and what MMD² is by chance. */
import { defineTable, type ColumnsOf } from '@layerwise/artifacts';
import { PAIR_SPLITS, PARTS, type Pair, type PairSplit, type PerPart, type PerSplit } from '@layerwise/pairs';
import type { SampleTest, ToldApart } from './compare.js';

export const shiftSummaryTable = defineTable({
  name: 'shift-summary',
  version: 1,
  description:
    'How different the vectors of the two parts of a pair are: a row for train, a row for dev. For a pair of clusters, which differ by construction, the p-values are no finding.',
  columns: [
    { name: 'split', type: 'utf8', description: 'train or dev' },
    { name: 'rowsOriginal', type: 'int32', unit: 'rows', description: 'of D_o in this split' },
    { name: 'rowsShifted', type: 'int32', unit: 'rows', description: 'of D_s in this split' },
    {
      name: 'sampledOfPart',
      type: 'int32',
      unit: 'rows',
      description: 'of each part in the sample that the test compares',
    },
    {
      name: 'medianDistance',
      type: 'float64',
      description: 'σ of the kernel exp(−d²/2σ²): the median distance of all pairs of sampled rows',
    },
    { name: 'mmdSquared', type: 'float64', description: 'unbiased MMD² of the sample; about 0 where alike' },
    {
      name: 'pValue',
      type: 'float64',
      description: 'share of permutations with an MMD² as large, the parts themselves counted among them',
    },
    { name: 'permutations', type: 'int32', description: 'permutations that were drawn' },
    {
      name: 'heldOutOriginal',
      type: 'int32',
      unit: 'rows',
      description: 'of D_o that the classifier judged',
    },
    { name: 'heldOutShifted', type: 'int32', unit: 'rows', description: 'of D_s that the classifier judged' },
    {
      name: 'balancedAccuracy',
      type: 'float64',
      unit: 'share of rows',
      description:
        'mean of the shares told right of both parts, by a linear classifier fitted to other train rows',
    },
    {
      name: 'balancedAccuracyLow',
      type: 'float64',
      unit: 'share of rows',
      description: 'of its 95 % interval',
    },
    {
      name: 'balancedAccuracyHigh',
      type: 'float64',
      unit: 'share of rows',
      description: 'of its 95 % interval',
    },
    {
      name: 'proxyADistance',
      type: 'float64',
      description: '2(1 − 2e), e = 1 − balancedAccuracy: 0 where not told apart, 2 where without error',
    },
    { name: 'proxyADistanceLow', type: 'float64', description: 'of its 95 % interval' },
    { name: 'proxyADistanceHigh', type: 'float64', description: 'of its 95 % interval' },
  ],
  metadataKeys: ['kind', 'original', 'shifted', 'encoder', 'pooling', 'reading'],
});

export const scoreTable = defineTable({
  name: 'shift-scores',
  version: 1,
  description:
    'What the linear classifier says of every dev row: those of D_o, then those of D_s, in their order',
  columns: [
    { name: 'part', type: 'utf8', description: 'original or shifted' },
    { name: 'index', type: 'int32', description: "the row's number in the task's own source" },
    { name: 'score', type: 'float64', unit: 'log odds', description: 'above 0: told to be of D_s' },
  ],
});

export const permutationTable = defineTable({
  name: 'shift-permutations',
  version: 1,
  description: 'MMD² of the same rows dealt to the parts at random',
  columns: [
    { name: 'split', type: 'utf8', description: 'train or dev' },
    { name: 'mmdSquared', type: 'float64', description: 'of one deal' },
  ],
});

/** The columns of `shift-summary.arrow`. */
export function summaryColumns(
  pair: Pair,
  tests: PerSplit<SampleTest>,
  { heldOut }: ToldApart,
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
