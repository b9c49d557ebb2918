/** Rates from the folders of searches: each pair's own, and for `combined` those of the others alone. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trialsTable, writeTable } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { groupingToJson, layerGrouping, paperGrouping } from '@layerwise/optimizers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../test/tiny-evaluation.js';
import { readSearch, searchedRates } from './index.js';

// Embeddings, one layer, head.
const grouping = layerGrouping(1);

/** A search with two trials: the better one has the given rates, the other ten times as much. */
async function search(pair: string, rates: readonly number[], flat: number | null): Promise<string> {
  const folder = join(temporaryFolder(), 'search');
  mkdirSync(folder);
  const all = [rates, rates.map((rate) => 10 * rate)];
  const columns = {
    trial: Int32Array.of(0, 1),
    repeat_of: [null, null],
    state: ['complete', 'complete'],
    origin: ['given', 'gp'],
    bracket: Int32Array.of(0, 0),
    values: all.map((one) => JSON.stringify(one)),
    rates: { offsets: Int32Array.of(0, 3, 6), values: Float64Array.from(all.flat()) },
    fidelity: [1, 1],
    accuracy_original_before: [0.8, 0.8],
    accuracy_original: [0.7, 0.6],
    accuracy_shifted: [0.9, 0.9],
    reward: [1.6, 1.5],
    steps: Int32Array.of(4, 4),
    seconds: Float64Array.of(1, 1),
    seed: BigInt64Array.of(1n, 2n),
  };
  await writeTable(join(folder, 'trials.arrow'), trialsTable, columns, {
    ...{ space: '{}', groups: groupingToJson(grouping), pair },
  });
  const study = (best: readonly number[]) => JSON.stringify({ report: { best: { rates: best } } });
  writeFileSync(join(folder, 'study.json'), study(rates));
  if (flat !== null) {
    mkdirSync(join(folder, 'control'));
    writeFileSync(join(folder, 'control', 'study.json'), study([flat, flat, flat]));
  }
  return folder;
}

const close = (found: readonly (number | null)[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((rate, group) => expect(found[group]! / rate).toBeCloseTo(1, 9));
};

it("takes a pair's own rates from its search and control, and the others' for combined", async () => {
  const searches = await Promise.all([
    search('a → b', [1e-5, 1e-4, 1e-3], 3e-5).then(readSearch),
    search('b → a', [1e-6, 1e-4, 1e-3], 2e-5).then(readSearch),
    search('a → c', [1e-4, 1e-4, 1e-5], 2e-5).then(readSearch),
  ]);
  expect(searchedRates('distribution', 'a → b', searches, grouping)).toEqual([1e-5, 1e-4, 1e-3]);
  expect(searchedRates('flat-tuned', 'a → b', searches, grouping)).toEqual([3e-5, 3e-5, 3e-5]);
  // Formula (1) of two trials weighs ranks 1 and 2 by 1.8⁻¹ and 1.8⁻²; the second has ten times the rates of the first.
  const second = 1 / 1.8 / (1 + 1 / 1.8);
  const own = (rates: readonly number[]) => rates.map((rate) => rate * 10 ** second);
  const others = [own([1e-6, 1e-4, 1e-3]), own([1e-4, 1e-4, 1e-5])];
  const geometric = (rows: readonly (readonly number[])[]) =>
    [0, 1, 2].map((group) =>
      Math.exp(rows.reduce((sum, row) => sum + Math.log(row[group]!), 0) / rows.length),
    );
  close(searchedRates('combined', 'a → b', searches, grouping), geometric(others));
  // A pair that was not searched takes all.
  const all = [own([1e-5, 1e-4, 1e-3]), ...others];
  close(searchedRates('combined', 'c → d', searches, grouping), geometric(all));
});

it('says what is missing', async () => {
  const only = await readSearch(await search('a → b', [1e-5, 1e-4, 1e-3], null));
  const refused = (method: Parameters<typeof searchedRates>[0], pair: string, other = grouping) =>
    expect(() => searchedRates(method, pair, [only], other));
  refused('flat-tuned', 'a → b').toThrow(/has no control.*--with-control/);
  refused('distribution', 'b → a').toThrow(/needs a search of the pair b → a, and there are those of a → b/);
  refused('combined', 'a → b').toThrow(/needs the search of another pair than a → b/);
  refused('distribution', 'a → b', paperGrouping(1)).toThrow(/Rates of two different groupings/);
  await expect(readSearch(temporaryFolder())).rejects.toThrow(InputError);
  rmSync(join(only.folder, 'study.json'));
  const unfinished = await readSearch(only.folder);
  expect(() => searchedRates('distribution', 'a → b', [unfinished], grouping)).toThrow(/no best trial yet/);
  writeFileSync(join(only.folder, 'study.json'), '{}');
  await expect(readSearch(only.folder)).rejects.toThrow(/is not the study.json of a search/);
});
