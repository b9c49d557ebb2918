/** The stage: two sources in, two task folders and a manifest out. */
import { existsSync } from 'node:fs';
import { readTaskFolder, runStage } from '@layerwise/artifacts';
import { expect, it } from 'vitest';
import { datasetsStage, openTask } from '../src/index.js';
import { scratch, tsv, writeFiles } from './scratch.js';

it('writes both tasks as Arrow folders, counts what it skipped, and runs again only for a reason', async () => {
  const rows = tsv(['sentence', 'label'], ['a', '0'], ['b', '1'], ['broken'], ['c', '0']);
  const folder = scratch({ 'task/train.tsv': rows, 'task/dev.tsv': tsv(['sentence', 'label'], ['d', '1']) });
  const options = {
    parameters: {
      original: `${folder}/task`,
      shifted: 'builtin:paraphrase?rows=20&devRows=10',
      trainLimit: 2,
      skipBadRows: true,
    },
    inputs: {},
    outputFolder: `${folder}/out`,
  };
  const lines: string[] = [];
  const { manifest, skipped } = await runStage(datasetsStage, {
    ...options,
    progress: (line) => lines.push(line),
  });
  expect(skipped).toBe(false);
  expect(manifest.counts).toEqual({
    originalTrain: 2,
    originalDev: 1,
    originalSkipped: 1,
    shiftedTrain: 2,
    shiftedDev: 10,
    shiftedSkipped: 0,
  });
  expect(manifest.notes).toEqual([
    `${folder}/task/train.tsv: 1 bad row left out, the first: line 4 has 1 tab-separated field where 2 were expected`,
  ]);
  expect(lines).toEqual([
    'original: task, 2 train and 1 dev rows',
    'shifted: paraphrase, 2 train and 10 dev rows',
  ]);
  const original = await readTaskFolder(`${folder}/out/original`);
  expect(original.train.text).toEqual(['a', 'b']);
  const shifted = await openTask(`${folder}/out/shifted`);
  expect(shifted.task).toEqual((await openTask(options.parameters.shifted, { trainLimit: 2 })).task);

  expect((await runStage(datasetsStage, options)).skipped).toBe(true);
  writeFiles(folder, { 'task/dev.tsv': tsv(['sentence', 'label'], ['e', '1']) });
  expect((await runStage(datasetsStage, options)).skipped).toBe(false);
});

it('runs again when a dev file changes that lies beside its train file or elsewhere', async () => {
  const rows = tsv(['sentence', 'label'], ['a', '0'], ['b', '1']);
  const folder = scratch({
    'one/x.tsv': rows,
    'one/dev.tsv': rows,
    'two/train.tsv': rows,
    'three.tsv': rows,
  });
  const run = async (): Promise<boolean> => {
    const parameters = {
      original: `${folder}/one/x.tsv`,
      shifted: `${folder}/two`,
      shiftedDevFile: `${folder}/three.tsv`,
    };
    const { skipped } = await runStage(datasetsStage, {
      parameters,
      inputs: {},
      outputFolder: `${folder}/out`,
    });
    return skipped;
  };
  expect(await run()).toBe(false);
  expect(await run()).toBe(true);
  for (const file of ['one/dev.tsv', 'three.tsv']) {
    writeFiles(folder, { [file]: tsv(['sentence', 'label'], ['c', '1']) });
    expect(await run(), file).toBe(false);
    expect(await run(), file).toBe(true);
  }
});

it('refuses wrong parameters and a bad row with a sentence, and leaves nothing', async () => {
  const folder = scratch({
    'task/train.tsv': 'sentence\tlabel\na\n',
    'task/dev.tsv': 'sentence\tlabel\na\t1\n',
  });
  const run = (parameters: { original: string; shifted: string; trainLimit?: number }): Promise<unknown> =>
    runStage(datasetsStage, { parameters, inputs: {}, outputFolder: `${folder}/out` });
  const builtin = 'builtin:topic?rows=8&devRows=8';
  await expect(run({ original: `${folder}/task`, shifted: builtin })).rejects.toThrow(
    /train\.tsv:2: the row has 1/,
  );
  await expect(run({ original: builtin, shifted: `${folder}/task` })).rejects.toThrow(
    /train\.tsv:2: the row/,
  );
  expect(existsSync(`${folder}/out`)).toBe(false);
  await expect(run({ original: builtin, shifted: builtin, trainLimit: 0 })).rejects.toThrow(/trainLimit/);
});
