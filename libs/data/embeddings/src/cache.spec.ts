// What is kept between calls: finished work is not done again, killed work goes on, nothing stale is taken.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { expect, it } from 'vitest';
import { addModules, BERT, copyOf, OPTIONS, SINGLE, splitOf, taskOf, temporaryFolder } from '../test/tiny.js';
import { embedTask, type EmbedTaskOptions } from './embed-task.js';

/** 60 texts, one a batch: four chunks. */
const MANY = taskOf(splitOf(Array.from({ length: 60 }, (_, i) => `river ${'lamp '.repeat(i % 7)}${i}`)));
const options = (changes: Partial<EmbedTaskOptions> = {}): EmbedTaskOptions => ({
  ...OPTIONS,
  batchTokens: 1,
  cacheFolder: join(temporaryFolder(), 'cache'),
  ...changes,
});
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();

it('the same texts and encoder are embedded once, whatever their folder, labels and row numbers', async () => {
  const given = options();
  const first = await embedTask(MANY, BERT, given);
  expect(first.computed).toBe(first.texts);
  const other = {
    ...MANY,
    name: 'other',
    train: { ...MANY.train, index: MANY.train.index.map((row) => row + 5) },
  };
  const again = await embedTask(other, copyOf(BERT), given);
  expect(again.computed).toBe(0);
  expect(again.embeddings.train.values).toEqual(first.embeddings.train.values);
  expect(again.embeddings.train.index[0]).toBe(5);
});

it('another text, pooling, length, recipe or encoder is not taken for the same', async () => {
  const given = options();
  await embedTask(SINGLE, BERT, given);
  const computed = async (
    folder: string,
    changes: Partial<EmbedTaskOptions> = {},
    task = SINGLE,
  ): Promise<boolean> => (await embedTask(task, folder, { ...given, ...changes })).computed > 0;
  expect(await computed(BERT)).toBe(false);
  expect(await computed(BERT, { pooling: 'mean' })).toBe(true);
  expect(await computed(BERT, { maximumLength: 8 })).toBe(true);
  expect(await computed(BERT, { batchTokens: 100 })).toBe(true);
  const normalized = addModules(copyOf(BERT), ['Transformer', 'Pooling', 'Normalize'], {
    pooling_mode: 'cls',
  });
  expect(await computed(normalized, { pooling: null })).toBe(true);
  const changed = copyOf(BERT);
  const file = join(changed, 'model.safetensors');
  const bytes = readFileSync(file);
  bytes.writeFloatLE(0.125, bytes.length - 4);
  writeFileSync(file, bytes);
  expect(await computed(changed)).toBe(true);
  expect(await computed(BERT, {}, taskOf(splitOf(['quite another text'])))).toBe(true);
});

it('stopped work goes on where it was, to the same bits', async () => {
  const expected = (await embedTask(MANY, BERT, options({ cacheFolder: null }))).embeddings;
  const given = options();
  const controller = new AbortController();
  let checks = 0;
  // The signal is looked at before every batch: the fortieth look is in the third chunk of sixteen.
  const signal = new Proxy(controller.signal, {
    get: (target, name) => {
      if (name !== 'throwIfAborted') return Reflect.get(target, name) as unknown;
      return () => {
        if (++checks === 40) controller.abort(new Error('enough'));
        target.throwIfAborted();
      };
    },
  });
  await expect(embedTask(MANY, BERT, { ...given, signal })).rejects.toThrow('enough');
  expect(checks).toBe(40);
  const kept = filesOf(given.cacheFolder!);
  expect(kept.map((file) => file.slice(-7))).toEqual(['0.arrow', '1.arrow']);

  // A damaged chunk is computed again.
  writeFileSync(kept[1]!, readFileSync(kept[1]!).subarray(0, 500));
  const end = await embedTask(MANY, BERT, given);
  expect(end.computed).toBe(end.texts - 16);
  expect(end.embeddings).toEqual(expected);
});

it('a folder that cannot be written is a sentence', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(embedTask(SINGLE, BERT, options({ cacheFolder: file }))).rejects.toThrow(InputError);
  expect(existsSync(file)).toBe(true);
});
