/** The reader of a search's trials.arrow: what counts, what is averaged, what is refused. */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '@layerwise/errors';
import { layerGrouping, paperGrouping } from '@layerwise/optimizers';
import { combine, readTrials, weightingOf } from '../index.js';
import { temporaryFolder, writeTrials, type Row } from '../../test/trials-table.js';

/** Two groups: embeddings and head. */
const grouping = layerGrouping(0);
const rates = [1e-5, 1e-4];

const written = (rows: readonly Row[], options: Partial<Parameters<typeof writeTrials>[2]> = {}) =>
  writeTrials(join(temporaryFolder(), 'trials.arrow'), rows, { grouping, pair: 'A to B', ...options });

it('counts complete trials at full fidelity alone', async () => {
  const file = await written([
    { trial: 0, rates, reward: 1.9, fidelity: 1 / 3, state: 'paused' },
    { trial: 1, rates: [1e-6, 1e-3], reward: 1.8, fidelity: 1 / 3 },
    { trial: 1, rates: [1e-6, 1e-3], reward: 1.5, fidelity: 1 },
    { trial: 2, rates, reward: null, fidelity: null, state: 'diverged' },
    { trial: 3, rates, reward: 1.7, state: 'failed' },
    { trial: 4, rates, reward: 1.2, fidelity: 0.1 * 3 + 0.7 },
  ]);
  expect(await readTrials(file)).toEqual({
    pair: 'A to B',
    file,
    grouping,
    trials: [
      { number: 1, reward: 1.5, rates: [1e-6, 1e-3] },
      { number: 4, reward: 1.2, rates },
    ],
  });
});

it('averages a trial with its repeats, one that failed as the worst reward of the search', async () => {
  const file = await written([
    { trial: 0, rates, reward: 1.8 },
    { trial: 1, rates: [1e-6, 1e-6], reward: 1.6 },
    { trial: 2, rates, reward: 1.2, repeatOf: 0 },
    { trial: 3, rates, reward: 1.5, repeatOf: 0 },
    { trial: 4, rates, reward: null, fidelity: null, repeatOf: 0, state: 'failed' },
  ]);
  const read = await readTrials(file);
  expect(read.trials).toEqual([
    // 1.8, 1.2, 1.5, and 1.6 for the one that failed: the repeats' own 1.2 is no trial's.
    { number: 0, reward: expect.closeTo(1.525, 12) as number, rates },
    { number: 1, reward: 1.6, rates: [1e-6, 1e-6] },
  ]);
  // One good run does not carry the day.
  expect(combine([read], weightingOf('best')).rates[0]).toBeCloseTo(1e-6, 15);
});

it('keeps the rates of the groups that hold something', async () => {
  const shallow = paperGrouping(4); // parts 1, 3, 5 and 7 are empty
  const own = [1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 6e-5];
  const all = [1e-5, NaN, 2e-5, NaN, 3e-5, NaN, 4e-5, NaN, 5e-5, 6e-5];
  for (const given of [own, all]) {
    const file = await written([{ trial: 0, rates: given, reward: 1 }], { grouping: shallow });
    expect((await readTrials(file)).trials[0]?.rates).toEqual(own);
  }
});

it('names a pair without a name by its file or folder', async () => {
  const folder = temporaryFolder();
  const options = { grouping, pair: '' };
  const file = await writeTrials(join(folder, 'sst2-mrpc.arrow'), [{ trial: 0, rates, reward: 1 }], options);
  expect((await readTrials(file)).pair).toBe('sst2-mrpc');
  const plain = await writeTrials(join(folder, 'trials.arrow'), [{ trial: 0, rates, reward: 1 }], options);
  expect((await readTrials(plain)).pair).toBe(folder.split('/').at(-1));
});

describe('refuses, in one sentence,', () => {
  it.each<[string, Row[], Partial<Parameters<typeof writeTrials>[2]>, string]>([
    ['no full trial', [{ trial: 0, rates, reward: 1, fidelity: 0.5 }], {}, 'None of the 1 trials of'],
    ['no groups', [{ trial: 0, rates, reward: 1 }], { grouping: null }, 'names no layer groups'],
    ['no rates', [{ trial: 7, rates: [], reward: 1 }], {}, 'trial 7: it has no learning rates'],
    [
      'a rate of 0',
      [{ trial: 3, rates: [1e-5, 0], reward: 1 }],
      {},
      'trial 3: the learning rate of "head" is 0',
    ],
    ['a rate that is none', [{ trial: 3, rates: [NaN, 1], reward: 1 }], {}, 'rate of "embeddings" is NaN'],
    [
      'too few rates',
      [{ trial: 2, rates: [1e-5], reward: 1 }],
      {},
      'trial 2: it has 1 learning rates and its grouping layers has 2 groups',
    ],
    [
      'no reward',
      [{ trial: 5, rates, reward: null }],
      {},
      'trial 5: it is complete, but its reward is missing',
    ],
    [
      'a repeat with other rates',
      [
        { trial: 0, rates, reward: 1 },
        { trial: 1, rates: [1e-5, 1e-5], reward: 1, repeatOf: 0 },
      ],
      {},
      'trial 1: it repeats trial 0 with other learning rates',
    ],
  ])('%s', async (_, rows, options, sentence) => {
    const file = await written(rows, options);
    await expect(readTrials(file)).rejects.toThrow(InputError);
    await expect(readTrials(file)).rejects.toThrow(sentence);
    await expect(readTrials(file)).rejects.toThrow(file);
  });

  it('another kind of file, and one that only says it is of this kind', async () => {
    await expect(readTrials('a.txt')).rejects.toThrow('a.txt is neither the trials.arrow of a search');
    const file = join(temporaryFolder(), 'trials.arrow');
    writeFileSync(file, 'no arrow');
    await expect(readTrials(file)).rejects.toThrow(InputError);
  });
});
