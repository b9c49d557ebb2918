import { importanceOf, type ObservedTrials } from '../src/index.js';
import { layerGrouping } from '@layerwise/optimizers';
import { sobolPoints, type FloatParameter } from '@layerwise/search';

export function example(): string[] {
  // A search over the rates of embeddings, one layer and head, in which the head alone matters.
  const rate: FloatParameter = { type: 'float', low: 1e-7, high: 1e-3, log: true };
  const trials: ObservedTrials = {
    pair: 'river',
    statedPair: 'river',
    file: 'river.arrow',
    names: ['embeddings', 'layer 0', 'head'],
    silent: 0,
    grouping: layerGrouping(1),
    space: { names: ['lr0', 'lr1', 'lr2'], parameters: [rate, rate, rate] },
    runs: sobolPoints(3, 24, 1).map((point, trial) => ({
      trial,
      repeatOf: null,
      unit: [...point],
      fidelity: 1,
      reward: 1 + point[2]!,
    })),
  };
  const { groups, predicted } = importanceOf(trials, null, { draws: 20, points: 64, seed: 1 });
  const gain = predicted?.difference.mean ?? NaN;
  return [
    ...groups.map(({ name, total }) => `${name} ${total.mean.toFixed(1)}`),
    `the distribution adds ${gain.toFixed(1)} to a flat rate`,
  ];
}
