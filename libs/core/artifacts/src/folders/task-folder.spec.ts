// Tasks to folders and back, and the folders that are refused.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTaskFolder, readTaskFolder, taskTable, writeTaskFolder } from './task-folder.js';
import type { Split, Task } from './task.js';
import { writeTable } from '../arrow/write-table.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-folder-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const single: Task = {
  name: 'weather',
  labels: ['storm', 'calm'],
  train: {
    index: Int32Array.of(4, 0, 9),
    text: ['a still morning', 'hail on the roof — «crack»', ''],
    pair: null,
    label: Int32Array.of(1, 0, 1),
  },
  dev: { index: Int32Array.of(0), text: ['wind tears at the sails 🌊'], pair: null, label: Int32Array.of(0) },
};
const paired: Task = {
  ...single,
  train: { ...single.train, pair: ['nothing moves', 'it is loud', ''] },
  dev: { ...single.dev, pair: ['the boat heels'] },
  test: { index: new Int32Array(), text: [], pair: null, label: new Int32Array() },
};

test.each([
  ['single sentences', single],
  ['pairs, and an empty test split', paired],
])('a task of %s comes back as it went in', async (_, task) => {
  expect(await isTaskFolder(folder)).toBe(false);
  const written = await writeTaskFolder(task, folder);
  expect(written.map(({ file, rows }) => [file, rows])).toEqual(
    [
      ['train.arrow', 3],
      ['dev.arrow', 1],
      ['test.arrow', 0],
    ].slice(0, task.test === undefined ? 2 : 3),
  );
  expect(await isTaskFolder(folder)).toBe(true);
  const { test: read, ...others } = await readTaskFolder(folder);
  const { test: given, ...expected } = task;
  expect(others).toEqual(expected);
  expect(read).toEqual(given);
});

test('an old test split and manifest do not survive', async () => {
  await writeTaskFolder(paired, folder);
  await writeFile(join(folder, 'manifest.json'), '{}');
  await writeTaskFolder(single, folder);
  expect((await readdir(folder)).sort()).toEqual(['dev.arrow', 'train.arrow']);
});

describe('a task is refused, and nothing is written:', () => {
  const train = (change: Partial<Split>): Task => ({ ...single, train: { ...single.train, ...change } });
  test.each([
    [
      'a label out of range',
      train({ label: Int32Array.of(1, 2, 0) }),
      /train, row 1 has the label 2, but there are 2 labels/,
    ],
    ['a negative label', train({ label: Int32Array.of(1, 0, -1) }), /train, row 2 has the label -1/],
    [
      'columns of different lengths',
      train({ label: Int32Array.of(1) }),
      /train has 3 texts, but 1 in its column label/,
    ],
    [
      'pairs of another length',
      { ...paired, train: { ...paired.train, pair: ['one'] } },
      /train has 3 texts, but 1 in its column pair/,
    ],
    ['two labels of one name', { ...single, labels: ['calm', 'calm'] }, /two labels are called calm/],
    ['pairs in train alone', { ...paired, dev: single.dev }, /dev has single sentences, train has not/],
  ])('%s', async (_, task, message) => {
    await expect(writeTaskFolder(task, folder)).rejects.toThrow(InputError);
    await expect(writeTaskFolder(task, folder)).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a folder is refused:', () => {
  const split = (change: object, metadata: object = {}): Promise<unknown> => {
    const { index, text, label } = single.dev;
    const columns = { index, text, pair: [null], label, ...change };
    return writeTable(join(folder, 'dev.arrow'), taskTable, columns, {
      task: 'weather',
      labels: '["storm","calm"]',
      ...metadata,
    });
  };
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['no dev', () => rm(join(folder, 'dev.arrow')), /dev\.arrow: it does not exist/],
    [
      'other labels',
      () => split({}, { labels: '["calm","storm"]' }),
      /dev\.arrow has the labels calm, storm, but train\.arrow beside it has storm, calm/,
    ],
    [
      'another task',
      () => split({}, { task: 'mood' }),
      /dev\.arrow belongs to the task mood, but train\.arrow beside it to weather/,
    ],
    [
      'labels that are no list',
      () => split({}, { labels: '{"calm":0}' }),
      /dev\.arrow: the metadata "labels" should be a JSON list of names/,
    ],
    ['a label out of range', () => split({ label: Int32Array.of(7) }), /dev, row 0 has the label 7/],
    ['pairs in dev alone', () => split({ pair: ['two'] }), /dev has pairs, train has not/],
    [
      'pairs in some rows',
      () =>
        split({
          index: Int32Array.of(0, 1),
          text: ['a', 'b'],
          label: Int32Array.of(0, 1),
          pair: ['x', null],
        }),
      /dev\.arrow: row 1 has no pair, but others have/,
    ],
  ])('%s', async (_, spoil, message) => {
    await writeTaskFolder(single, folder);
    await spoil();
    await expect(readTaskFolder(folder)).rejects.toThrow(InputError);
    await expect(readTaskFolder(folder)).rejects.toThrow(message);
  });
});
