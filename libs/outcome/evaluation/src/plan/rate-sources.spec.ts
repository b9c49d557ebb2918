/** Rates from the folders of searches: each pair's own, and for `combined` those of the others alone. */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { paperGrouping } from '@layerwise/optimizers';
import { expect, it } from 'vitest';
import { grouping, searchFolder } from '../../test/search-folder.js';
import { temporaryFolder } from '../../test/tiny-evaluation.js';
import { readSearch, searchedRates } from './rate-sources.js';

const close = (found: readonly (number | null)[] | null, expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((rate, group) => expect(found![group]! / rate).toBeCloseTo(1, 9));
};

it("takes a pair's own rates from its search and control, and the others' for combined", async () => {
  const searches = await Promise.all([
    searchFolder('a → b', [1e-5, 1e-4, 1e-3], 3e-5).then(readSearch),
    searchFolder('b → a', [1e-6, 1e-4, 1e-3], 2e-5).then(readSearch),
    searchFolder('a → c', [1e-4, 1e-4, 1e-5], 2e-5).then(readSearch),
  ]);
  expect(searchedRates('distribution', 'a → b', searches, grouping)).toEqual([1e-5, 1e-4, 1e-3]);
  expect(searchedRates('ewc', 'a → b', searches, grouping)).toBeNull();
  expect(searchedRates('flat-tuned', 'a → b', searches, grouping)).toEqual([3e-5, 3e-5, 3e-5]);
  // Formula (1) of two trials weighs ranks 1 and 2 by 1.8⁻¹ and 1.8⁻²; the second has ten times the rates of
  // the first.
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
  // The other controls found 2e-5 twice, all three 3e-5 once more.
  close(searchedRates('flat-combined', 'a → b', searches, grouping), [2e-5, 2e-5, 2e-5]);
  const three = Math.cbrt(3e-5 * 2e-5 * 2e-5);
  close(searchedRates('flat-combined', 'c → d', searches, grouping), [three, three, three]);
});

it('says what is missing', async () => {
  const only = await readSearch(await searchFolder('a → b', [1e-5, 1e-4, 1e-3], null));
  const refused = (method: Parameters<typeof searchedRates>[0], pair: string, other = grouping) =>
    expect(() => searchedRates(method, pair, [only], other));
  refused('flat-tuned', 'a → b').toThrow(/has no control.*--with-control/);
  refused('distribution', 'b → a').toThrow(/needs a search of the pair b → a, and there are those of a → b/);
  refused('combined', 'a → b').toThrow(/needs the search of another pair than a → b/);
  refused('flat-combined', 'a → b').toThrow(/flat-combined needs the search of another pair than a → b/);
  refused('flat-combined', 'b → a').toThrow(/has no control.*--with-control/);
  refused('distribution', 'a → b', paperGrouping(1)).toThrow(/Rates of two different groupings/);
  await expect(readSearch(temporaryFolder())).rejects.toThrow(InputError);
  rmSync(join(only.folder, 'study.json'));
  const unfinished = await readSearch(only.folder);
  expect(() => searchedRates('distribution', 'a → b', [unfinished], grouping)).toThrow(/no best trial yet/);
  symlinkSync('study.json', join(only.folder, 'study.json'));
  await expect(readSearch(only.folder)).rejects.toThrow(/study.json: .*\(ELOOP\)/);
  rmSync(join(only.folder, 'study.json'));
  writeFileSync(join(only.folder, 'study.json'), '{}');
  await expect(readSearch(only.folder)).rejects.toThrow(/is not the study.json of `layerwise search`/);
});

it('takes no rates of a search that has not come to an end, nor of such a control', async () => {
  for (const file of ['study.json', 'control/study.json']) {
    const folder = await searchFolder('a → b', [1e-5, 1e-4, 1e-3], 3e-5);
    const study = JSON.parse(readFileSync(join(folder, file), 'utf8')) as object;
    writeFileSync(join(folder, file), JSON.stringify({ ...study, done: null }));
    await expect(readSearch(folder)).rejects.toThrow(/has not come to an end.*let it go on/);
  }
});
