/** The rates that the cells of an evaluation get. */
import { expect, it } from 'vitest';
import { searchFolder } from '../../test/search-folder.js';
import { TASKS } from '../../test/tiny-evaluation.js';
import { planCells, type EvaluationChoices } from './plan.js';
import { readSearch } from './rate-sources.js';

const choices: EvaluationChoices = {
  rates: '1e-5',
  groups: 'layers',
  optimizer: 'adam',
  schedule: 'cosine',
  warmup: 0.1,
  epochsOriginal: 1,
  epochsShifted: 1,
  batch: 2,
  accumulate: 1,
  maxLength: 16,
  engine: 'onnxruntime',
  provider: 'cpu',
  threads: 1,
};
const pair = (name: string) => ({
  name,
  folder: name,
  tasks: { original: TASKS.motion, shifted: TASKS.place },
});

it('trains rivals at the flat rate, or at the tuned one of the pair', async () => {
  const searches = [
    await readSearch(await searchFolder('a → b', [1e-5, 1e-4, 1e-3], 4e-5)),
    await readSearch(await searchFolder('b → a', [1e-5, 1e-4, 1e-3], 1e-5)),
  ];
  const methods = ['flat', 'flat-tuned', 'l2-sp', 'single', 'joint', 'decay'];
  const firstRates = (tunedRivals: boolean, name: string, only = methods) =>
    planCells({
      methods: only,
      pairs: [pair(name)],
      seeds: [1],
      layers: 1,
      choices,
      searches,
      tunedRivals,
    }).map(({ settings }) => Number(settings.rates.at(-1)?.toPrecision(12)));
  expect(firstRates(false, 'a → b')).toEqual([1e-5, 4e-5, 1e-5, 1e-5, 1e-5, 1e-5]);
  expect(firstRates(true, 'a → b')).toEqual([1e-5, 4e-5, 4e-5, 4e-5, 4e-5, 4e-5]);
  // Not searched: the geometric mean of what both controls found.
  expect(firstRates(true, 'c → d', ['flat', 'flat-combined', 'single'])).toEqual([1e-5, 2e-5, 2e-5]);
});
