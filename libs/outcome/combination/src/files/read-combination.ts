/** Reads `combination.json` back into a distribution: the way back of `combination-json.ts`. */
import { InputError } from '@layerwise/errors';
import { groupingFromJson } from '@layerwise/optimizers';
import { combinationFile, readJsonFile } from '@layerwise/artifacts';
import { heldGroups, type Distribution } from '../distribution/distribution.js';

/**
 * @throws InputError where the file cannot be read or is no combination, or its rates do not fit its groups
 */
export async function readCombination(file: string): Promise<Distribution> {
  const data = await readJsonFile(combinationFile, file);
  const grouping = groupingFromJson(JSON.stringify(data.grouping), file);
  const groups = heldGroups(grouping);
  const lists = [data.rates, data.band.low, data.band.high, ...Object.values(data.perPair)];
  if (lists.some((list) => list.length !== groups.length)) {
    throw new InputError(
      `${file} does not have a rate for each of its ${groups.length} groups; make it again.`,
    );
  }
  const { name, b, top, temperature } = data.weights;
  const { level, resamples, seed, low, high } = data.band;
  return {
    grouping,
    groups,
    rates: data.rates,
    band: { low, high },
    perPair: data.pairs.map((pair) => ({ ...pair, rates: data.perPair[pair.pair] ?? [] })),
    leftOut: Object.entries(data.leaveOneOut ?? {}).map(([pair, own]) => ({
      pair,
      rates: own,
      largestFactor: Math.max(
        ...own.map((rate, group) => Math.exp(Math.abs(Math.log(rate / (data.rates[group] ?? NaN))))),
      ),
    })),
    settings: {
      weights: name,
      numbers: { b, top, temperature },
      bootstrap: { resamples, seed, level },
      leaveOneOut: data.leaveOneOut !== undefined,
    },
  };
}
