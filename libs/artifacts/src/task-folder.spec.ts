import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTaskFolder, readTaskFolder, writeTaskFolder } from './task-folder.js';
import type { Task } from './task.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'task-folder-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const single: Task = {
  name: 'weather',
  labels: ['calm', 'storm'],
  train: {
    index: Int32Array.of(0, 1, 2),
    text: ['a still morning', 'hail on the roof — «crack»', ''],
    pair: null,
    label: Int32Array.of(0, 1, 0),
  },
  dev: { index: Int32Array.of(0), text: ['wind tears at the sails 🌊'], pair: null, label: Int32Array.of(1) },
};

test('a task comes back as it went in', async () => {
  expect(await isTaskFolder(folder)).toBe(false);
  await writeTaskFolder(single, folder);
  expect(await isTaskFolder(folder)).toBe(true);
  expect(await readTaskFolder(folder)).toEqual(single);
});
