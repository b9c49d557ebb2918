/** A source becomes a task folder once, and again where its bytes or an option changed. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTaskFolder } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importTask, openTask } from '../src/index.js';

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerwise-import-'));
  cache = join(folder, 'cache');
  mkdirSync(join(folder, 'tides'));
  for (const split of ['train', 'dev'])
    writeFileSync(join(folder, 'tides', `${split}.csv`), 'said,which,other\nit rose,1,a\nit fell,0,b\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const columns = { textColumn: 'said', labelColumn: 'which' };
const source = (): string => join(folder, 'tides');
const timeOf = (imported: string): number => statSync(join(imported, 'train.arrow')).mtimeMs;

it('holds what openTask reads, and is not read twice', async () => {
  const { folder: imported, notes } = await importTask(source(), columns, cache);
  expect(notes).toEqual([]);
  expect(await readTaskFolder(imported)).toEqual((await openTask(source(), columns)).task);
  const written = timeOf(imported);
  expect((await importTask(source(), columns, cache)).folder).toBe(imported);
  expect(timeOf(imported)).toBe(written);
});

it('is read again where a file changed, and lies elsewhere for other options', async () => {
  const { folder: first } = await importTask(source(), columns, cache);
  writeFileSync(join(source(), 'train.csv'), 'said,which,other\nit rose,1,a\nit fell,0,b\nit stood,0,c\n');
  const { folder: second } = await importTask(source(), columns, cache);
  expect(second).toBe(first);
  expect((await readTaskFolder(second)).train.text).toEqual(['it rose', 'it fell', 'it stood']);
  const { folder: other } = await importTask(source(), { ...columns, labelColumn: 'other' }, cache);
  expect(other).not.toBe(first);
  const { folder: limited } = await importTask(source(), { ...columns, trainLimit: 1 }, cache);
  expect((await readTaskFolder(limited)).train.text).toEqual(['it rose']);
});

it('counts a dev file that lies elsewhere', async () => {
  const devFile = join(folder, 'elsewhere.csv');
  writeFileSync(devFile, 'said,which,other\nit rose,1,a\n');
  const options = { ...columns, devFile };
  const { folder: imported } = await importTask(source(), options, cache);
  expect((await readTaskFolder(imported)).dev.text).toEqual(['it rose']);
  writeFileSync(devFile, 'said,which,other\nit fell,0,a\n');
  await importTask(source(), options, cache);
  expect((await readTaskFolder(imported)).dev.text).toEqual(['it fell']);
});

it('takes built-in tasks, tells of rows left out, and refuses with nothing left that could be taken for a task', async () => {
  const { folder: builtin } = await importTask('builtin:topic?rows=8&devRows=4', {}, cache);
  expect((await readTaskFolder(builtin)).train.text).toHaveLength(8);
  writeFileSync(join(source(), 'train.csv'), 'said,which,other\nit rose,1,a\nit fell\nit stood,0,c\n');
  const { notes } = await importTask(source(), { ...columns, skipBadRows: true }, cache);
  expect(notes).toEqual([expect.stringMatching(/train\.csv: 1 bad row left out, the first: /)]);
  const empty = join(folder, 'nothing');
  await expect(importTask(empty, columns, cache)).rejects.toThrow(InputError);
  await expect(importTask(source(), columns, cache)).rejects.toThrow(InputError);
  const complete = readdirSync(cache).filter((name) =>
    readdirSync(join(cache, name)).includes('manifest.json'),
  );
  expect(complete).toHaveLength(2);
});
