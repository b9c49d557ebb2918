import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTable, runStage } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alternating, embeddingsOf, taskOf, twoTasks, written } from '../test/example-pair.js';
import { shiftSummaryStage } from './stage.js';
import { permutationTable, scoreTable, shiftSummaryTable } from './tables.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shift-summary-'));
});
afterEach(() => rm(folder, { recursive: true }));

const reviews = taskOf('reviews', 240, 80);

type Inputs = Awaited<ReturnType<typeof written>>;
const run = async (inputs: Inputs | Record<string, string | string[]>, parameters = {}, out = 'out') => {
  const outputFolder = join(folder, out);
  const { manifest } = await runStage(shiftSummaryStage, {
    parameters: { permutations: 199, ...parameters },
    inputs,
    outputFolder,
  });
  return {
    outputFolder,
    notes: manifest.notes ?? [],
    manifest,
    summary: await readTable(join(outputFolder, 'shift-summary.arrow'), shiftSummaryTable),
  };
};
const dev = 1;

it('finds a shift, and says how far', async () => {
  const inputs = await written(folder, alternating(reviews, 'length'), embeddingsOf(reviews, 1, 1));
  const { summary, notes, outputFolder, manifest } = await run(inputs);
  expect([...summary.column('split')]).toEqual(['train', 'dev']);
  expect([...summary.column('rowsOriginal')]).toEqual([120, 40]);
  expect([...summary.column('sampledOfPart')]).toEqual([120, 40]);
  expect([...summary.column('pValue')]).toEqual([1 / 200, 1 / 200]);
  // Eight numbers that differ by 1 deviation each: the best classifier tells Φ(√8 / 2) = 92 % right.
  expect(summary.column('balancedAccuracyLow')[dev]).toBeLessThan(0.92);
  expect(summary.column('balancedAccuracyHigh')[dev]).toBeGreaterThan(0.92);
  expect(summary.column('proxyADistance')[dev]).toBeCloseTo(
    4 * summary.column('balancedAccuracy')[dev]! - 2,
    12,
  );
  expect([...summary.column('heldOutOriginal')]).toEqual([24, 40]);
  expect(notes.at(-1)).toMatch(/^this is a shift: the shorter and the longer rows differ/);
  expect(summary.metadata.reading).toBe(notes.join('\n'));
  expect(manifest.counts).toEqual({ sampledTrain: 240, sampledDev: 80, fitted: 192, permutations: 199 });

  const scores = await readTable(join(outputFolder, 'scores.arrow'), scoreTable);
  const [part, score] = [scores.column('part'), scores.column('score')];
  expect([...scores.column('index').slice(0, 3)]).toEqual([100, 102, 104]);
  const right = (name: string) => {
    const own = [...score].filter((_, row) => part[row] === name);
    return own.filter((value) => value > 0 === (name === 'shifted')).length / own.length;
  };
  expect((right('original') + right('shifted')) / 2).toBeCloseTo(
    summary.column('balancedAccuracy')[dev]!,
    12,
  );
  const permuted = await readTable(join(outputFolder, 'permutations.arrow'), permutationTable);
  expect(permuted.rows).toBe(2 * 199);
  expect(Math.max(...permuted.column('mmdSquared'))).toBeLessThan(summary.column('mmdSquared')[dev]!);
});

it('finds none where there is none', async () => {
  const inputs = await written(folder, alternating(reviews, 'length'), embeddingsOf(reviews, 1, 0));
  const { summary, notes } = await run(inputs);
  expect(summary.column('pValue')[dev]).toBeGreaterThan(0.05);
  expect(summary.column('proxyADistanceLow')[dev]).toBeLessThan(0);
  expect(notes.at(-1)).toMatch(/^no shift is shown: /);
});

it('says of clusters that they differ by construction, and prints no p-value as a finding', async () => {
  const inputs = await written(folder, alternating(reviews, 'cluster'), embeddingsOf(reviews, 1, 1));
  const { notes } = await run(inputs);
  expect(notes.at(-1)).toContain('differ by construction');
  expect(notes.join(' ')).not.toMatch(/p = /);
});

it('matches the embeddings of two tasks by their texts, in any order', async () => {
  const { pair, embeddings } = twoTasks(1);
  const inputs = await written(folder, pair, ...embeddings);
  const one = await run(inputs);
  expect([...one.summary.column('sampledOfPart')]).toEqual([90, 50]);
  expect(one.notes.at(-1)).toMatch(/^this is a shift: the two tasks/);
  const other = await run({ ...inputs, embeddings: [...inputs.embeddings].reverse() }, {}, 'other');
  expect(await readFile(join(other.outputFolder, 'shift-summary.arrow'))).toEqual(
    await readFile(join(one.outputFolder, 'shift-summary.arrow')),
  );
});

it('draws at most the rows that are asked for, with the seed', async () => {
  const inputs = await written(folder, alternating(reviews, 'length'), embeddingsOf(reviews, 1, 0.5));
  const bytes = async (parameters: object, out: string) => {
    const { outputFolder, summary } = await run(inputs, { rows: 100, ...parameters }, out);
    expect([...summary.column('sampledOfPart')]).toEqual([50, 40]);
    const files = ['shift-summary.arrow', 'scores.arrow', 'permutations.arrow'];
    return Promise.all(files.map((file) => readFile(join(outputFolder, file), 'base64')));
  };
  const first = await bytes({ seed: 1 }, 'first');
  expect(await bytes({ seed: 1 }, 'again')).toEqual(first);
  const second = await bytes({ seed: 2 }, 'second');
  second.forEach((file, i) => expect(file).not.toBe(first[i]));
});

describe('refuses in one sentence, and writes nothing', () => {
  const refused = async (
    inputs: Record<string, string | readonly string[]>,
    message: RegExp,
    parameters: object = {},
  ) => {
    const error = await runStage(shiftSummaryStage, {
      parameters,
      inputs,
      outputFolder: join(folder, 'out'),
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toMatch(/\n|\.\s+[A-Z]/);
    expect(await readdir(join(folder, 'out')).catch(() => [])).toEqual([]);
  };
  const cut = alternating(reviews, 'length');

  it('embeddings of another task', async () => {
    const inputs = await written(folder, cut, embeddingsOf(taskOf('letters', 240, 80), 1, 0));
    await refused(inputs, /embeddings1 holds embeddings of letters .* reviews \(even\) and reviews \(odd\)/);
  });

  it('embeddings of another task beside the right ones', async () => {
    const inputs = await written(
      folder,
      cut,
      embeddingsOf(reviews, 1, 0),
      embeddingsOf(taskOf('letters', 240, 80), 1, 0),
    );
    await refused(inputs, /embeddings2 holds embeddings of letters/);
  });

  it('embeddings of one of two tasks alone', async () => {
    const { pair, embeddings } = twoTasks(0);
    await refused(
      await written(folder, pair, embeddings[0]),
      /no embeddings of the texts of letters, the shifted part/,
    );
  });

  it('embeddings of the one task twice', async () => {
    const one = embeddingsOf(reviews, 1, 0);
    await refused(await written(folder, cut, one, one), /both .*embeddings1 and .*embeddings2 hold/);
  });

  it('embeddings by two encoders', async () => {
    const { pair, embeddings } = twoTasks(0);
    const other = embeddingsOf(taskOf('letters', 90, 50), 2, 0, { size: 6, encoder: 'other' });
    await refused(
      await written(folder, pair, embeddings[0], other),
      /vectors of 8 numbers by formula \(cls\), .* of 6 numbers by other \(cls\), which cannot be compared/,
    );
  });

  it('a folder without embeddings, none at all, and no pair', async () => {
    const inputs = await written(folder, cut, embeddingsOf(reviews, 1, 0));
    await refused({ ...inputs, embeddings: [join(folder, 'missing')] }, /missing/);
    await refused({ pair: inputs.pair }, /needs embeddings/);
    await refused({ ...inputs, pair: inputs.embeddings[0]! }, /is not the folder of a pair/);
  });

  it('a damaged pair', async () => {
    const inputs = await written(folder, cut, embeddingsOf(reviews, 1, 0));
    const file = join(inputs.pair, 'rows.arrow');
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length - 40));
    await refused(inputs, /rows\.arrow/);
    await rm(join(inputs.pair, 'shifted', 'dev.arrow'));
    await writeFile(file, bytes);
    await refused(inputs, /dev\.arrow|shifted/);
  });

  it('numbers that are not finite', async () => {
    const bad = embeddingsOf(reviews, 1, 0);
    bad.dev.values[19] = NaN;
    await refused(await written(folder, cut, bad), /dev\.arrow: row 2, number 3 of its vector is NaN/);
  });

  it('too few rows in a part', async () => {
    const few = taskOf('notes', 100, 12);
    const inputs = await written(folder, alternating(few, 'length'), embeddingsOf(few, 1, 0));
    await refused(inputs, /the original part notes \(even\) has only 6 dev rows, but 10 are the least/);
  });

  it('vectors that are nearly all equal', async () => {
    const flat = embeddingsOf(reviews, 1, 0);
    flat.train.values.fill(0.5);
    await refused(await written(folder, cut, flat), /more than half of the pairs of rows have equal vectors/);
  });

  it('a number of rows or permutations that makes no test', async () => {
    const inputs = await written(folder, cut, embeddingsOf(reviews, 1, 0));
    await refused(inputs, /parameter rows is wrong/, { rows: 2 });
    await refused(inputs, /parameter permutations is wrong/, { permutations: 0 });
  });
});
