/** How different the vectors of a pair's parts are: what a summary of a shift hands to whoever reports it. */
import { column, defineTable } from '../arrow/schema.js';

export const shiftSummaryTable = defineTable({
  name: 'shift-summary',
  version: 1,
  description:
    'How different the vectors of the two parts of a pair are: a row for train, a row for dev. For a pair of clusters, which differ by construction, the p-values are no finding.',
  columns: [
    column('split', 'utf8', 'train or dev'),
    column('rowsOriginal', 'int32', 'of D_o in this split', 'rows'),
    column('rowsShifted', 'int32', 'of D_s in this split', 'rows'),
    column('sampledOfPart', 'int32', 'of each part in the sample that the test compares', 'rows'),
    column(
      'medianDistance',
      'float64',
      'σ of the kernel exp(−d²/2σ²): the median distance of all pairs of sampled rows',
    ),
    column('mmdSquared', 'float64', 'unbiased MMD² of the sample; about 0 where alike'),
    column(
      'pValue',
      'float64',
      'share of permutations with an MMD² as large, the parts themselves counted among them',
    ),
    column('permutations', 'int32', 'permutations that were drawn'),
    column('heldOutOriginal', 'int32', 'of D_o that the classifier judged', 'rows'),
    column('heldOutShifted', 'int32', 'of D_s that the classifier judged', 'rows'),
    column(
      'balancedAccuracy',
      'float64',
      'mean of the shares told right of both parts, by a linear classifier fitted to other train rows',
      'share of rows',
    ),
    column('balancedAccuracyLow', 'float64', 'of its 95 % interval', 'share of rows'),
    column('balancedAccuracyHigh', 'float64', 'of its 95 % interval', 'share of rows'),
    column(
      'proxyADistance',
      'float64',
      '2(1 − 2e), e = 1 − balancedAccuracy: 0 where not told apart, 2 where without error',
    ),
    column('proxyADistanceLow', 'float64', 'of its 95 % interval'),
    column('proxyADistanceHigh', 'float64', 'of its 95 % interval'),
  ],
  metadataKeys: ['kind', 'original', 'shifted', 'encoder', 'pooling', 'reading'],
});
