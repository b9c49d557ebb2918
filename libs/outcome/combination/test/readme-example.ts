import { combine, weightingOf, type PairTrials } from '../src/index.js';
import { layerGrouping } from '@layerwise/optimizers';

export function example(): string[] {
  // Two groups, embeddings and head; two trials of one pair and one of another.
  const grouping = layerGrouping(0);
  const river: PairTrials = {
    pair: 'river',
    file: 'river.arrow',
    grouping,
    trials: [
      { number: 0, reward: 1.5, rates: [1e-5, 1e-3] },
      { number: 1, reward: 1.6, rates: [1e-6, 1e-4] },
    ],
  };
  const lake: PairTrials = {
    pair: 'lake',
    file: 'lake.arrow',
    grouping,
    trials: [{ number: 0, reward: 1.2, rates: [1e-6, 1e-4] }],
  };
  const { rates, perPair } = combine([river, lake], weightingOf('rank', { b: 1.8 }));
  return [...perPair, { pair: 'combined', rates }].map(
    ({ pair, rates: own }) => `${pair} ${own.map((rate) => rate.toExponential(2)).join(' ')}`,
  );
}
