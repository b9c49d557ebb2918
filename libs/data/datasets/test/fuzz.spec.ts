/**
 * Malformed files of every format: a task comes out that is sound, or an `InputError` of one sentence;
 * nothing else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import type { Task } from '@layerwise/artifacts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTask } from '../src/index.js';
import { scratch, tsv, writeFiles } from './scratch.js';

const rows = [
  ['a cat "sleeps', 'x'],
  ['the dog, barks', 'y'],
  ['naïve 😀', 'x'],
];
const SOUND: readonly (readonly [string, Buffer])[] = [
  ['tsv', Buffer.from(tsv(['sentence', 'label'], ...rows))],
  ['tsv', Buffer.from(tsv(...rows.map(([text = '', label], i) => [label ?? '', String(i % 2), '*', text])))],
  ['csv', Buffer.from('text,label\n"a, ""b""\nc",x\nd,y\né,x\n')],
  ['jsonl', Buffer.from(rows.map(([text, label]) => `${JSON.stringify({ text, label })}\n`).join(''))],
  ['parquet', readFileSync(join(import.meta.dirname, 'pyarrow/snappy.parquet'))],
  ['parquet', readFileSync(join(import.meta.dirname, 'pyarrow/zstd.parquet'))],
];

/** One of the sound files with bytes changed, left out, put in or said twice. */
const damaged = fc
  .record({
    which: fc.nat(SOUND.length - 1),
    changes: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.nat(12),
        insert: fc.oneof(
          fc.uint8Array({ maxLength: 6 }),
          fc
            .constantFrom('\t', '\n', '\r\n', '"', ',', '\0', '{', '\uFEFF', '\u2028', '-1')
            .map((text) => Buffer.from(text)),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ which, changes }) => {
    const [format, sound] = SOUND[which]!;
    const bytes = changes.reduce((file, { at, remove, insert }) => {
      const start = Math.floor(at * file.length);
      return Buffer.concat([file.subarray(0, start), insert, file.subarray(start + remove)]);
    }, sound);
    return { format, sound, bytes };
  });

it('a damaged file', { timeout: 60_000 }, async () => {
  const folder = scratch({});
  const seen = { opened: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      damaged,
      fc.boolean(),
      fc.boolean(),
      async ({ format, sound, bytes }, skipBadRows, inDev) => {
        writeFiles(folder, {
          [`train.${format}`]: inDev ? sound : bytes,
          [`dev.${format}`]: inDev ? bytes : sound,
        });
        seen[(await outcome(folder, { format, skipBadRows })) ? 'opened' : 'refused']++;
      },
    ),
    { numRuns: 1600 },
  );
  expect(seen.opened).toBeGreaterThan(10);
  expect(seen.refused).toBeGreaterThan(50);
});

it('a Parquet file with a wrong byte, which would make its decoder believe in endless runs', async () => {
  const sound = readFileSync(join(import.meta.dirname, 'pyarrow/brotli.parquet'));
  const folder = scratch({ 'dev.parquet': sound });
  const seen = { opened: 0, refused: 0 };
  for (let at = 0; at < sound.length; at += 9) {
    const bytes = Buffer.from(sound);
    bytes[at] = 0xff;
    writeFiles(folder, { 'train.parquet': bytes });
    seen[(await outcome(folder, {})) ? 'opened' : 'refused']++;
  }
  expect(seen.refused).toBeGreaterThan(100);
  expect(seen.opened).toBeGreaterThan(10);
});

it('any bytes at all', async () => {
  const folder = scratch({});
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('tsv', 'csv', 'jsonl', 'parquet'),
      fc.uint8Array({ maxLength: 80 }),
      async (format, bytes) => {
        writeFiles(folder, { [`train.${format}`]: bytes, [`dev.${format}`]: bytes });
        await outcome(folder, { format });
      },
    ),
    { numRuns: 200 },
  );
});

it('any source and options', async () => {
  const option = fc.option(fc.string({ maxLength: 8 }), { nil: undefined });
  const options = fc.record({
    textColumn: option,
    pairColumn: option,
    labelColumn: option,
    devFile: option,
    format: option,
  });
  const source = fc.oneof(
    fc.string(),
    fc.string().map((name) => `builtin:${name}`),
    fc.string().map((query) => `builtin:topic?${query}`),
  );
  await fc.assert(
    fc.asyncProperty(source, options, async (name, chosen) => {
      await outcome(`no/such/${name}`, chosen);
    }),
  );
  await fc.assert(
    fc.asyncProperty(source, async (name) => {
      await outcome(name === '' ? '\0' : name, {});
    }),
  );
  const folder = scratch({
    'train.tsv': tsv(['sentence', 'label'], ...rows),
    'dev.tsv': tsv(['sentence', 'label'], ...rows),
  });
  await fc.assert(
    fc.asyncProperty(options, async (chosen) => {
      await outcome(folder, chosen);
    }),
  );
});

/**
 * True if the task was opened. Fails if it is not sound, or was refused by anything but a sentence. Options
 * may have values that their types forbid.
 */
async function outcome(source: string, options: object): Promise<boolean> {
  try {
    checkSound((await openTask(source, options)).task);
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message.length).toBeGreaterThan(20);
    return false;
  }
}

function checkSound({ labels, train, dev }: Task): void {
  expect(labels.length).toBeGreaterThanOrEqual(2);
  expect(new Set(labels).size).toBe(labels.length);
  for (const { index, text, pair, label } of [train, dev]) {
    expect(text.length).toBeGreaterThan(0);
    expect([index.length, label.length, pair?.length ?? text.length]).toEqual([
      text.length,
      text.length,
      text.length,
    ]);
    expect(label.every((code) => code >= 0 && code < labels.length)).toBe(true);
    expect(index.every((number, i) => i === 0 || number > index[i - 1]!)).toBe(true);
    expect([...text, ...(pair ?? [])].every((one) => /\S/.test(one) && !/\p{Surrogate}/u.test(one))).toBe(
      true,
    );
  }
}
