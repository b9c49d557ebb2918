/** The stage from two task folders to a pair: any two tasks, but not one task twice. */
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTable, readTaskFolder, runStage, writeTaskFolder, type Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { readPairFolder, shiftTable } from '@layerwise/pairs';
import { beforeEach, describe, expect, it } from 'vitest';
import { sameness, weather } from '../test/tasks.js';
import { datasetShift } from './dataset-shift.js';
import { datasetShiftStage } from './stage.js';

let folder: string;
let outputFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataset-shift-'));
  outputFolder = join(folder, 'out');
});

async function run(original: Task, shifted: Task) {
  const inputs = { original: join(folder, 'original'), shifted: join(folder, 'shifted') };
  await writeTaskFolder(original, inputs.original);
  await writeTaskFolder(shifted, inputs.shifted);
  return runStage(datasetShiftStage, { parameters: {}, inputs, outputFolder });
}

describe('a pair of two tasks', () => {
  it('holds both as they are, with their own labels, single sentences beside pairs', async () => {
    const { manifest } = await run(weather, sameness);
    expect(await readPairFolder(outputFolder)).toEqual(datasetShift(weather, sameness));
    expect(await readTaskFolder(join(outputFolder, 'original'))).toEqual(weather);
    expect(await readTaskFolder(join(outputFolder, 'shifted'))).toEqual(sameness);
    expect(manifest.counts).toEqual({ originalTrain: 4, originalDev: 2, shiftedTrain: 3, shiftedDev: 2 });
    expect(manifest.notes?.[1]).toBe(
      'D_s is sameness: 3 train rows of 2 to 5 words (other 33.3 %, same 33.3 %, unclear 33.3 %), 2 dev rows of 2 to 6 words (other 50.0 %, same 50.0 %, unclear 0.0 %)',
    );
    const shift = await readTable(join(outputFolder, 'shift.arrow'), shiftTable);
    expect(shift.metadata.kind).toBe('dataset');
    expect(shift.column('task')).toEqual(['weather', 'weather', 'sameness', 'sameness']);
    expect(shift.column('cut')).toEqual([null, null, null, null]);
  });

  it('leaves test splits behind', async () => {
    await run({ ...weather, test: weather.dev }, sameness);
    expect(readdirSync(join(outputFolder, 'original'))).toEqual(['dev.arrow', 'train.arrow']);
  });

  it('is made anew only after a change of either task', async () => {
    expect((await run(weather, sameness)).skipped).toBe(false);
    expect((await run(weather, sameness)).skipped).toBe(true);
    const label = weather.train.label.map((one) => 1 - one);
    expect((await run({ ...weather, train: { ...weather.train, label } }, sameness)).skipped).toBe(false);
    expect((await run(weather, sameness)).skipped).toBe(false);
    expect((await run(sameness, weather)).skipped).toBe(false);
  });
});

describe('one task twice', () => {
  it('is refused, under another name and with labels in another order too', async () => {
    const sentence =
      'both tasks are the same: weather as the original and weather as the shifted one have equal rows; give another task as one of them';
    const error: unknown = await run(weather, weather).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toBe(sentence);
    expect(existsSync(outputFolder)).toBe(false);
    const turned = (split: Task['dev']) => ({ ...split, label: split.label.map((one) => 1 - one) });
    const other = {
      name: 'other',
      labels: ['bright', 'dull'],
      train: turned(weather.train),
      dev: turned(weather.dev),
    };
    expect(() => datasetShift(weather, other)).toThrow(/^both tasks are the same: weather .* and other/);
  });

  it('is not meant where texts or labels of a split differ', () => {
    const { dev } = weather;
    const relabelled = { ...dev, label: dev.label.map((one) => 1 - one) };
    expect(() => datasetShift(weather, { ...weather, dev: relabelled })).not.toThrow();
    const reworded = { ...dev, text: ['rain', 'moon'] };
    expect(() => datasetShift(weather, { ...weather, dev: reworded })).not.toThrow();
  });
});

describe('the stage refuses', () => {
  it('a task without rows in a split', async () => {
    const none = { index: Int32Array.of(), text: [], pair: null, label: Int32Array.of() };
    await expect(run(weather, { ...sameness, dev: none })).rejects.toThrow(
      'the shifted part sameness has no dev rows, but 1 is the least; give a task with more rows',
    );
    expect(existsSync(outputFolder)).toBe(false);
  });

  it('an output folder that cannot be one', async () => {
    writeFileSync(outputFolder, 'a file');
    await expect(run(weather, sameness)).rejects.toThrow(
      /^cannot make the folder .*: a file is where a folder should be/,
    );
  });
});
