/** Real tasks: SST-2 and QNLI, cut as counted elsewhere (Python, sorting rows by (words, row)). */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runStage, writeTaskFolder, type Split } from '@layerwise/artifacts';
import { readPairFolder } from '@layerwise/pairs';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/tasks.js';
import { lengthShiftStage } from './stage.js';

const SHARED = process.env.LAYERWISE_SHARED ?? resolve(import.meta.dirname, '../../../../../shared');
const GLUE = join(SHARED, 'data/glue');

/** Rows of a GLUE file, with texts and label in the given columns. */
function readSplit(file: string, texts: readonly number[], label: number, labels: readonly string[]): Split {
  const lines = readFileSync(file, 'utf8').split('\n').slice(1);
  const rows = lines.filter((line) => line !== '').map((line) => line.split('\t'));
  const column = (place: number | undefined): string[] => rows.map((row) => row[place ?? -1] ?? '');
  return {
    index: Int32Array.from(rows.keys()),
    text: column(texts[0]),
    pair: texts.length > 1 ? column(texts[1]) : null,
    label: Int32Array.from(column(label), (name) => labels.indexOf(name.trim())),
  };
}

async function cutGlue(name: string, texts: readonly number[], label: number, labels: string[]) {
  const read = (split: string): Split => readSplit(join(GLUE, name, `${split}.tsv`), texts, label, labels);
  const folder = temporaryFolder();
  const task = join(folder, 'task');
  await writeTaskFolder({ name, labels, train: read('train'), dev: read('dev') }, task);
  return async (threshold: 'split' | 'train') => {
    const outputFolder = join(folder, threshold);
    await runStage(lengthShiftStage, { parameters: { threshold }, inputs: { task }, outputFolder });
    const pair = await readPairFolder(outputFolder);
    return [pair.original.train, pair.original.dev, pair.shifted.train, pair.shifted.dev].map((split) =>
      labels.map((_, i) => split.label.filter((one) => one === i).length),
    );
  };
}

// Rows of each label in D_o's train and dev and in D_s's.
describe.skipIf(!existsSync(GLUE))('the data sets of ../shared', () => {
  it('SST-2 is cut at 7 words (dev at 19), or at 6 by one threshold', async () => {
    const cut = await cutGlue('SST-2', [0], 1, ['0', '1']);
    expect(await cut('split')).toEqual([
      [13752, 19923],
      [219, 217],
      [16028, 17646],
      [209, 227],
    ]);
    const one = await cut('train');
    expect(one.map(([dull = 0, bright = 0]) => dull + bright)).toEqual([32650, 46, 34699, 826]);
  });

  it('QNLI, pairs of sentences, is cut at 34 words (dev at 35)', async () => {
    const cut = await cutGlue('QNLI', [1, 2], 3, ['entailment', 'not_entailment']);
    expect(await cut('split')).toEqual([
      [2621, 2617],
      [1299, 1433],
      [2606, 2631],
      [1403, 1328],
    ]);
    const one = await cut('train');
    expect(one.map(([yes = 0, no = 0]) => yes + no)).toEqual([5309, 2625, 5166, 2838]);
  });
});
