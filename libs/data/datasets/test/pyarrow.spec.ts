/**
 * Parquet as PyArrow writes it (`test/pyarrow`, 120 made-up rows in two row groups, Hugging Face metadata),
 * in each codec it has; Brotli with version 2 of the data pages.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { scratch } from './scratch.js';

it.each(['zstd', 'snappy', 'gzip', 'brotli', 'lz4'])('%s', async (codec) => {
  const folder = scratch({});
  for (const split of ['train', 'validation'])
    copyFileSync(join(import.meta.dirname, 'pyarrow', `${codec}.parquet`), join(folder, `${split}.parquet`));
  const { task } = await openTask(folder);
  const expected = Array.from({ length: 120 }, (_, i) => {
    const thing = i % 3 === 0 ? 'naïve “cup” 😀' : 'kettle';
    return `row ${i}: the ${thing} is ${i % 2 === 1 ? 'warm' : 'cold'}`;
  });
  expect(task.labels).toEqual(['glad', 'sad']);
  expect(task.train.text).toEqual(expected);
  expect([...task.train.label]).toEqual(expected.map((_, i) => (i % 2 === 1 ? 0 : 1)));
});
