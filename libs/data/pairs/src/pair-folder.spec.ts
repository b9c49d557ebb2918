/** A pair on disk: what is written is read again, and what is no pair is refused with one sentence. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfTexts, readTable, readTaskFolder, writeTable, writeTaskFolder } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { pairs, temporaryFolder, weather } from '../test/tasks.js';
import { cutTask, pairOfTasks, type Pair } from './pair.js';
import { PAIR_OUTPUTS, readPairFolder, writePairFolder } from './pair-folder.js';
import { rowsTable } from './rows-table.js';
import { shiftTable } from './summary.js';

const rows = (train: number[], dev: number[]) => ({
  train: Int32Array.from(train),
  dev: Int32Array.from(dev),
});
const cut = (): Pair =>
  cutTask(
    weather,
    'length',
    { original: rows([0, 2, 3], [0, 1]), shifted: rows([1, 4, 5], [2, 3]) },
    { original: 'weather (shorter)', shifted: 'weather (longer)' },
  );

async function refusal(folder: string): Promise<string> {
  const error: unknown = await readPairFolder(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('a pair', () => {
  it('of one task that was cut comes back as it was', async () => {
    const folder = temporaryFolder();
    await writePairFolder(cut(), folder);
    expect(await readPairFolder(folder)).toEqual(cut());
    const source = { train: digestOfTexts(weather.train), dev: digestOfTexts(weather.dev) };
    expect((await readPairFolder(folder)).sources).toEqual({ original: source, shifted: source });
  });

  it('of two tasks, one with single sentences and one with pairs, comes back too', async () => {
    const folder = temporaryFolder();
    await writePairFolder(pairOfTasks(weather, pairs), folder);
    const pair = await readPairFolder(folder);
    expect(pair).toEqual(pairOfTasks(weather, pairs));
    expect([...pair.rows.shifted.train]).toEqual([0, 1, 2]);
    expect(pair.sources.shifted.dev).toBe(digestOfTexts(pairs.dev));
  });

  it('is written as the files that a stage declares, its parts as task folders', async () => {
    const folder = temporaryFolder();
    const { counts, notes } = await writePairFolder(cut(), folder, { cut: { train: 4, dev: 4.5 } });
    expect(PAIR_OUTPUTS.map(({ file }) => file)).toEqual([
      'original/',
      'shifted/',
      'rows.arrow',
      'shift.arrow',
    ]);
    expect(await readTaskFolder(join(folder, 'original'))).toEqual(cut().original);
    const table = await readTable(join(folder, 'rows.arrow'), rowsTable);
    expect(table.column('part')).toEqual([
      ...Array<string>(5).fill('original'),
      ...Array<string>(5).fill('shifted'),
    ]);
    expect([...table.column('row')]).toEqual([0, 2, 3, 0, 1, 1, 4, 5, 2, 3]);
    expect([...table.column('index')]).toEqual([100, 102, 103, 0, 1, 101, 104, 105, 2, 3]);
    expect([...table.column('length')]).toEqual([2, 3, 1, 1, 1, 6, 7, 8, 7, 6]);
    const shift = await readTable(join(folder, 'shift.arrow'), shiftTable);
    expect(shift.column('cut')).toEqual([4, 4.5, 4, 4.5]);
    expect(counts).toEqual({ originalTrain: 3, originalDev: 2, shiftedTrain: 3, shiftedDev: 2 });
    expect(notes[0]).toBe(
      'D_o is weather (shorter): 3 train rows of 1 to 3 words (dull 33.3 %, bright 66.7 %), 2 dev rows of 1 word (dull 50.0 %, bright 50.0 %)',
    );
  });

  it('keeps lengths in the unit it was cut by, and what else a shift knows', async () => {
    const folder = temporaryFolder();
    const of = { original: rows([9, 8, 7], [6, 5]), shifted: rows([10, 11, 12], [13, 14]) };
    await writePairFolder(cut(), folder, {
      lengths: { unit: 'pieces', of },
      metadata: { threshold: 'train' },
    });
    const table = await readTable(join(folder, 'rows.arrow'), rowsTable);
    expect(table.metadata.lengthUnit).toBe('pieces');
    expect([...table.column('length')]).toEqual([9, 8, 7, 6, 5, 10, 11, 12, 13, 14]);
    const shift = await readTable(join(folder, 'shift.arrow'), shiftTable);
    expect(shift.metadata).toMatchObject({ kind: 'length', lengthUnit: 'pieces', threshold: 'train' });
    expect(shift.column('cut')).toEqual([null, null, null, null]);
  });
});

describe('a folder that is no pair is refused', () => {
  it('without rows.arrow', async () => {
    const folder = temporaryFolder();
    expect(await refusal(folder)).toBe(
      `${folder} is not the folder of a pair: it has no rows.arrow; make one with dataset-shift, length-shift or cluster-shift`,
    );
  });

  it('where a part is of another pair', async () => {
    const folder = temporaryFolder();
    await writePairFolder(cut(), folder);
    await writeTaskFolder(weather, join(folder, 'original'));
    expect(await refusal(folder)).toMatch(
      /rows.arrow tells of 10 rows, but the tasks beside it have 15; make/,
    );
    const { labels, train, dev } = cut().original;
    const swapped = { ...train, index: Int32Array.of(102, 100, 103) };
    await writeTaskFolder({ name: 'swapped', labels, train: swapped, dev }, join(folder, 'original'));
    expect(await refusal(folder)).toMatch(/row 0 is not row 0 of original\/train.arrow beside it; make/);
  });

  it('where a part is missing, or rows.arrow is something else', async () => {
    const folder = temporaryFolder();
    await writePairFolder(cut(), folder);
    rmSync(join(folder, 'shifted', 'dev.arrow'));
    expect(await refusal(folder)).toMatch(/cannot read .*dev.arrow: it does not exist/);
    writeFileSync(join(folder, 'rows.arrow'), 'rows');
    expect(await refusal(folder)).toMatch(/rows.arrow/);
  });

  it('where the kind of shift is not known, or positions in the source are none', async () => {
    const folder = temporaryFolder();
    await writePairFolder(cut(), folder);
    const file = join(folder, 'rows.arrow');
    const { metadata, column } = await readTable(file, rowsTable);
    const columns = {
      part: column('part'),
      split: column('split'),
      row: column('row'),
      index: column('index'),
      length: column('length'),
    };
    await writeTable(file, rowsTable, columns, { ...metadata, kind: 'weather' });
    expect(await refusal(folder)).toMatch(/is weather, which is none of dataset, length, cluster; make/);
    // D_o's train rows are at 0, 2 and 3.
    for (const [place, position, before] of [
      [0, -1, -1],
      [2, 2, 2],
    ] as const) {
      const row = columns.row.with(place, position);
      await writeTable(file, rowsTable, { ...columns, row }, metadata);
      expect(await refusal(folder)).toMatch(
        new RegExp(`row ${place} comes from position ${position} of its source, after position ${before};`),
      );
    }
  });
});

it('nothing is written over a file where a folder should be', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'kept');
  await expect(writePairFolder(cut(), file)).rejects.toThrow(
    /cannot make the folder .*: a part of its path is not a folder/,
  );
});
