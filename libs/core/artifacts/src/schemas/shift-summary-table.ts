/**
 * How different the vectors of a pair's parts are: what the summary of a shift hands to whoever reports it.
 */
import { defineTable } from '../arrow/schema.js';

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
