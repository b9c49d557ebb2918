/**
 * What a search and its control are made of: the points that are tried first, the range of the control, the
 * record.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTinyEncoderFolder } from '@layerwise/model';
import { firstDifference } from '@layerwise/search';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configurationOf } from '../objective/finetune-objective.js';
import { rateSearchOptions, type RateSearchOptions } from '../options.js';
import { z } from 'zod';
import { finetuneSearches } from './prepare-search.js';
import { asBegun } from './record.js';
import { settingsOf } from './run-searches.js';

const root = mkdtempSync(join(tmpdir(), 'layerwise-prepare-search-'));
const encoder = join(root, 'encoder');
beforeAll(() => createTinyEncoderFolder(encoder, ['the', 'is', 'are'], { hidden: 16 }));
afterAll(() => rm(root, { recursive: true }));

const written = (name: string, json: unknown): string => {
  const file = join(root, name);
  writeFileSync(file, JSON.stringify(json));
  return file;
};

/** The groups of the tiny encoder that hold something, each within the range. */
const spaceFile = (low: number, high: number, log = true): string =>
  written(
    'space.json',
    Object.fromEntries([0, 4, 8, 9].map((group) => [`lr${group}`, { type: 'float', low, high, log }])),
  );

async function prepare(
  options: Partial<RateSearchOptions>,
  more: { given?: unknown; known?: readonly number[]; range?: { low: number; high: number } } = {},
) {
  const all = z.object(rateSearchOptions).parse({ heldOut: 10, ...options });
  const { given, known, range } = more;
  const configuration = configurationOf(all, 'cannot be read', {
    original: 'builtin:topic?rows=40&devRows=12',
    shifted: 'builtin:agreement?rows=40&devRows=12',
    encoder,
    taskOptions: { original: {}, shifted: {} },
    ...(range && { range }),
    checkpointEvery: 100,
    tokenFolder: null,
  });
  return finetuneSearches({
    configuration,
    firstPointsFile: given === undefined ? undefined : written('given.json', given),
    ...(known && { known }),
    withControl: all.withControl,
  });
}

describe('the control', () => {
  it('searches from the least to the largest rate of a file, and says which known rates lie outside', async () => {
    const { search, control } = await prepare({ space: spaceFile(2e-3, 9e-3) });
    expect(control?.space.parameters).toEqual([{ type: 'float', low: 2e-3, high: 9e-3, log: true }]);
    expect(control?.firstPoints).toEqual([]);
    expect(search.notes.join(' ')).toMatch(/flat rate 0.00001 lies outside .*flat rate 0.00002 lies outside/);
    const linear = await prepare({ space: spaceFile(0, 9e-3, false) });
    expect(linear.control?.space.parameters).toEqual([{ type: 'float', low: 0, high: 9e-3, log: false }]);
    const wide = await prepare({ space: spaceFile(1e-8, 1e-1) });
    expect(wide.control?.firstPoints).toEqual([[1e-5], [2e-5]]);
    expect(wide.search.notes).toEqual([]);
  });

  it('is refused where a file has no range of rates, unless it is not wanted', async () => {
    const space = spaceFile(-1, 1, false);
    await expect(prepare({ space })).rejects.toThrow(
      /space.json leaves a control no rates.*from -1 to 1.*--with-control no/,
    );
    expect((await prepare({ space, withControl: false })).control).toBeNull();
  });

  it('tries the flat rates that a person gave, in whichever words', async () => {
    const given = [
      { flat: 3e-4 },
      { rates: [4e-4, 4e-4, 4e-4, 4e-4] },
      { lr0: 1e-4, lr4: 2e-4, lr8: 3e-4, lr9: 4e-4 },
    ];
    const { search, control } = await prepare({ space: 'groups' }, { given });
    expect(search.firstPoints).toHaveLength(5);
    expect(control?.firstPoints).toEqual([[1e-5], [2e-5], [3e-4], [4e-4]]);
    // ULMFiT's rates are no flat ones, and their point still stands for one.
    const { control: other } = await prepare({ space: 'discriminative' }, { given: { flat: 3e-4 } });
    expect(other?.firstPoints).toEqual([[1e-5], [2e-5], [3e-4]]);
  });
});

it('refuses a known rate that the space does not hold, and tells of a usual one', async () => {
  await expect(prepare({}, { known: [0.5] })).rejects.toThrow(/does not hold the known flat rate 0.5/);
  const { search } = await prepare({}, { range: { low: 1.5e-5, high: 1e-3 } });
  expect(search.firstPoints.map((values) => values[0])).toEqual([2e-5]);
  expect(search.notes).toEqual([expect.stringContaining('0.00001 lies outside')]);
});

describe('recompute', () => {
  const plan = z
    .object(rateSearchOptions)
    .parse({ trials: 2, repeatsBest: 0, scheduler: 'none', withControl: false });

  it('reaches the trials and not the record, so that a search goes on with it or without', async () => {
    const [without, with_] = [await prepare({}), await prepare({ recompute: true, groupByLength: true })];
    expect(with_.search.configuration).toMatchObject({ choices: { recompute: true, groupByLength: true } });
    expect(with_.search.record).toMatchObject({ training: { groupByLength: true } });
    expect(JSON.stringify(with_.search.record)).not.toContain('recompute');
    const { search } = await prepare({ recompute: true });
    expect(search.record).toEqual(without.search.record);
  });

  it('in the journal of an earlier version is no difference', async () => {
    const { search } = await prepare({});
    const now = settingsOf(search, plan, null);
    const { record } = search;
    if (record.kind !== 'finetune') throw new Error('a search of a pair');
    const recorded = { ...record, training: { ...record.training, recompute: true } };
    const began = settingsOf({ ...search, record: recorded }, plan, null);
    expect(firstDifference(began, now)).toContain('recompute');
    expect(firstDifference(began, asBegun(now, began))).toBeUndefined();
    expect(firstDifference(now, asBegun(now, now))).toBeUndefined();
    const longer = { ...now, seed: 7 };
    expect(firstDifference(began, asBegun(longer, began))).toContain('seed');
  });
});
