/**
 * A distribution as JSON: `combination.json`, which the command writes and `--json` prints. `rates` are the
 * combined ones, `perPair` each pair's by its name, in the order of `groups`; `option` is what `layerwise
 * finetune --rates` takes, with null for a group that holds nothing.
 */
import type { CombinationFile } from '@layerwise/artifacts';
import { isEmptyGroup } from '@layerwise/optimizers';
import type { Distribution } from '../distribution/distribution.js';

/** Plain data for `JSON.stringify`. */
export function combinationJson(distribution: Distribution): CombinationFile {
  const { rates, perPair, groups, grouping, band, leftOut, settings } = distribution;
  return {
    rates,
    perPair: Object.fromEntries(perPair.map(({ pair, rates: own }) => [pair, own])),
    groups,
    grouping,
    option: ratesOption(distribution),
    weights: { name: settings.weights, ...settings.numbers },
    band: { ...settings.bootstrap, ...band },
    pairs: perPair.map(({ pair, trials, bestReward, flat }) => ({ pair, trials, bestReward, flat })),
    ...(leftOut.length > 0 && {
      leaveOneOut: Object.fromEntries(leftOut.map(({ pair, rates: own }) => [pair, own])),
    }),
  };
}

/** One rate a group, empty ones as null, separated by commas. */
export function ratesOption({ grouping, rates }: Pick<Distribution, 'grouping' | 'rates'>): string {
  const left = [...rates];
  return grouping.groups.map((group) => (isEmptyGroup(group) ? 'null' : String(left.shift()))).join(',');
}
