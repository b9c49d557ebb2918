/** What is read of a search's trials and of the authors' logs, and what is refused. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { layerGrouping } from '@layerwise/optimizers';
import { readObserved } from './index.js';
import { temporaryFolder, writeSearch } from '../test/search-file.js';

const rate = { type: 'float', low: 1e-7, high: 1e-3, log: true };
const grouping = layerGrouping(0);
const rates = { grouping, space: { lr0: rate, lr1: rate } };

it('every rung with a reward is a run, repeats too, and trials without any are counted', async () => {
  const file = await writeSearch(
    [
      { trial: 0, values: [1e-5, 1e-3], reward: 1.2, fidelity: 1 / 3 },
      { trial: 0, values: [1e-5, 1e-3], reward: 1.5, fidelity: 0.1 * 3 + 0.7 },
      { trial: 1, values: [1e-7, 1e-4], reward: null },
      { trial: 2, values: [1e-5, 1e-3], reward: 1.4, repeatOf: 0 },
    ],
    rates,
  );
  const read = await readObserved(file);
  expect(read).toMatchObject({ pair: 'river', file, names: ['embeddings', 'head'], grouping, silent: 1 });
  expect(
    read.runs.map(({ trial, repeatOf, fidelity, reward }) => [trial, repeatOf, fidelity, reward]),
  ).toEqual([
    [0, null, 1 / 3, 1.2],
    [0, null, 1, 1.5],
    [2, 0, 1, 1.4],
  ]);
  read.runs.forEach(({ unit: [first, second] }) => {
    expect(first).toBeCloseTo(0.5, 12);
    expect(second).toBe(1);
  });
});

it('a space of rates in another order is one of rates all the same', async () => {
  const row = { trial: 0, values: [1e-7, 1e-3], reward: 1 };
  const read = await readObserved(await writeSearch([row], { grouping, space: { lr1: rate, lr0: rate } }));
  expect(read).toMatchObject({ names: ['head', 'embeddings'], grouping });
  expect(read.runs[0]?.unit).toEqual([0, 1]);
  const one = await readObserved(
    await writeSearch([{ ...row, values: [1e-5] }], { grouping, space: { lr0: rate } }),
  );
  expect(one).toMatchObject({ names: ['lr0'], grouping: null });
});

it('parameters that are no rates keep their names, and have no flat rate', async () => {
  const file = await writeSearch([{ trial: 0, values: [1e-5, 'cosine'], reward: 1 }], {
    grouping: null,
    space: { lr: rate, schedule: { type: 'categorical', choices: ['cosine', 'line'] } },
  });
  const read = await readObserved(file);
  expect(read).toMatchObject({ names: ['lr', 'schedule'], grouping: null });
  expect(read.runs[0]?.unit[1]).toBe(0.25);
});

it("a log of the paper's authors is of full runs over the paper's space", async () => {
  const file = join(temporaryFolder(), 'sst2mrpc.csv');
  writeFileSync(file, [0.9, 0.8, 0.7, ...Array.from({ length: 10 }, () => '1e-5')].join(','));
  const read = await readObserved(file);
  expect(read).toMatchObject({ pair: 'sst2mrpc', silent: 0 });
  expect(read.names).toHaveLength(10);
  expect(read.runs).toEqual([
    {
      trial: 0,
      repeatOf: null,
      fidelity: 1,
      reward: 0.8 + 0.7,
      unit: Array.from({ length: 10 }, () => expect.closeTo(0.5, 12) as number),
    },
  ]);
  writeFileSync(file, [0.9, 0.8, 0.7, '2e-3', ...Array.from({ length: 9 }, () => '1e-5')].join(','));
  await expect(readObserved(file)).rejects.toThrow("trial 0: lr_0 is 0.002, outside of the paper's space");
});

it('refuses a space or values that are none, with the file', async () => {
  const broken = await writeSearch([{ trial: 0, values: [1e-5], reward: 1 }], { grouping, space: '{"lr' });
  await expect(readObserved(broken)).rejects.toThrow(InputError);
  await expect(readObserved(broken)).rejects.toThrow(`${broken}: "{"lr" is not JSON`);
  const short = await writeSearch([{ trial: 4, values: [1e-5], reward: 1 }], rates);
  await expect(readObserved(short)).rejects.toThrow(`${short}, trial 4 has 1 value, but the space has 2`);
  await expect(readObserved('a.txt')).rejects.toThrow('a.txt is neither');
});
