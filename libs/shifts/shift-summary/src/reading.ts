/** What the numbers say, in sentences for people: whether the shift is a shift at all. */
import type { PairKind, PerSplit } from '@layerwise/pairs';
import type { HeldOut, SampleTest, ClassifierResult } from './compare.js';
import type { Estimate } from './separability.js';

/** A p-value up to here counts as a difference. */
const LEVEL = 0.05;

/** Of a pair of this kind: a sentence for each test, those for the classifier, and last what follows. */
export function reading(
  kind: PairKind,
  tests: PerSplit<SampleTest>,
  { fittedOfPart, heldOut }: ClassifierResult,
): readonly string[] {
  return [
    testInWords(kind, 'train', tests.train),
    testInWords(kind, 'dev', tests.dev),
    `a linear classifier, fitted to ${fittedOfPart} train rows of each part, judges rows that it has not seen: ${toldInWords('train', heldOut.train)}; ${toldInWords('dev', heldOut.dev)} (0: not told apart, 2: without error)`,
    ...drop(heldOut),
    verdict(kind, tests.dev, heldOut.dev),
  ];
}

function testInWords(kind: PairKind, split: string, test: SampleTest): string {
  const measured = `${split}: MMD² is ${test.mmdSquared.toPrecision(3)} between ${test.rowsOfPart} rows of each part (median distance ${test.medianDistance.toPrecision(3)})`;
  // What clusters differ by is what made them: a p-value in print would be read as a finding.
  if (kind === 'cluster') return measured;
  return `${measured}, p = ${pValueInWords(test.pValue)} by ${test.permuted.length} permutations`;
}

function toldInWords(split: string, { balancedAccuracy, proxyADistance, scores }: HeldOut): string {
  const rows = `${scores.original.length} + ${scores.shifted.length} ${split} rows`;
  const right = `${percent(balancedAccuracy.value)} right of ${rows} (balanced, 95 % interval ${bounds(balancedAccuracy, percent)})`;
  return `${right}, proxy A-distance ${proxyADistance.value.toFixed(2)} (${bounds(proxyADistance, (value) => value.toFixed(2))})`;
}

/** Where dev rows are told apart worse than train rows: one boundary does not serve both. */
function drop({ train, dev }: PerSplit<HeldOut>): readonly string[] {
  if (dev.balancedAccuracy.high >= train.balancedAccuracy.low) return [];
  return [
    'the boundary between the train parts is not that between the dev parts, as when each split was cut at its own median; the distance of the dev rows is then a lower bound',
  ];
}

/** Whether it is a shift. For clusters that is no question. */
function verdict(kind: PairKind, test: SampleTest, { proxyADistance }: HeldOut): string {
  if (kind === 'cluster')
    return 'clusters of embeddings differ by construction, so the test says nothing about whether this is a shift and its p-value is no finding; the classifier says how cleanly the clusters part';
  const parts = kind === 'length' ? 'the shorter and the longer rows' : 'the two tasks';
  const differ = test.pValue <= LEVEL;
  const apart = proxyADistance.low > 0;
  if (differ && apart)
    return `this is a shift: ${parts} differ in their dev vectors, and a linear classifier tells unseen rows apart better than chance`;
  if (differ)
    return `this is at most a slight shift: ${parts} differ in their dev vectors, but a linear classifier does not tell unseen dev rows apart`;
  if (apart)
    return `this is at most a slight shift: a linear classifier tells unseen dev rows of ${parts} apart better than chance, but the test sees no difference`;
  return `no shift is shown: neither the test nor the classifier sees a difference between ${parts} in their dev vectors, though few rows can hide a small one`;
}

/** With three decimals, or one digit where these are zeros. */
export function pValueInWords(pValue: number): string {
  return pValue < 0.001 ? pValue.toPrecision(1) : pValue.toFixed(3);
}

function bounds({ low, high }: Estimate, print: (value: number) => string): string {
  return `${print(low)} to ${print(high)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
