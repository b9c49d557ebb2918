/** Trials that nobody ran: rewards of a function over a space of rates, at points of the unit cube. */
import { layerGrouping } from '@layerwise/optimizers';
import { sobolPoints } from '@layerwise/search';
import type { ObservedTrials, Run } from '../src/index.js';

/**
 * `count` full runs of groups embeddings, layer 0 …, head: d of them.
 * @param reward of coordinates [d] in the unit cube
 */
export function observedOf(
  d: number,
  count: number,
  reward: (unit: readonly number[]) => number,
): ObservedTrials {
  const grouping = layerGrouping(d - 2);
  const names = grouping.groups.map(({ name }) => name);
  return {
    pair: 'made',
    statedPair: 'made',
    file: 'made.arrow',
    names,
    grouping,
    silent: 0,
    space: {
      names: names.map((_, place) => `lr${place}`),
      parameters: names.map(() => ({ type: 'float', low: 1e-7, high: 1e-3, log: true })),
    },
    runs: sobolPoints(d, count, 1).map((point, trial): Run => {
      const unit = [...point];
      return { trial, repeatOf: null, unit, fidelity: 1, reward: reward(unit) };
    }),
  };
}
