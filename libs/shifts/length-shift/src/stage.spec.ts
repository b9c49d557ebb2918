/**
 * The stage from folder to folder: what it writes, when it runs again, and what it refuses before it writes
 * anything.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable, runStage, writeTaskFolder, type Task } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { createTinyEncoderFolder } from '@layerwise/model';
import { readPairFolder, rowsTable, shiftTable } from '@layerwise/pairs';
import { beforeEach, describe, expect, it } from 'vitest';
import { river, taskOf, temporaryFolder } from '../test/tasks.js';
import { lengthShiftStage } from './stage.js';

let folder: string;
let outputFolder: string;
beforeEach(() => {
  folder = temporaryFolder();
  outputFolder = join(folder, 'out');
});

interface Options {
  readonly parameters?: Parameters<typeof runStage<typeof lengthShiftStage.parameters>>[1]['parameters'];
  readonly encoder?: string;
}

async function run(task: Task, { parameters = { minimumRows: 4 }, encoder }: Options = {}) {
  await writeTaskFolder(task, join(folder, 'task'));
  const inputs = { task: join(folder, 'task'), ...(encoder !== undefined && { encoder }) };
  return runStage(lengthShiftStage, { parameters, inputs, outputFolder });
}

async function refusal(task: Task, options?: Options): Promise<string> {
  const error: unknown = await run(task, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('the stage', () => {
  it('writes a pair of both halves, and tells of them', async () => {
    const { manifest } = await run(river);
    const pair = await readPairFolder(outputFolder);
    expect([...pair.rows.original.train]).toEqual([1, 3, 4, 6, 7, 10]);
    expect([...pair.rows.shifted.dev]).toEqual([1, 3, 5, 6]);
    expect(manifest.counts).toEqual({ originalTrain: 6, originalDev: 4, shiftedTrain: 6, shiftedDev: 4 });
    expect(manifest.notes?.[0]).toBe(
      'D_o is rivers (shorter): 6 train rows of 1 to 7 words (calm 50.0 %, wild 50.0 %), 4 dev rows of 2 to 5 words (calm 75.0 %, wild 25.0 %)',
    );
    expect(manifest.outputs.map(({ file }) => file)).toEqual([
      'original/dev.arrow',
      'original/train.arrow',
      'shifted/dev.arrow',
      'shifted/train.arrow',
      'rows.arrow',
      'shift.arrow',
    ]);
    const shift = await readTable(join(outputFolder, 'shift.arrow'), shiftTable);
    expect(shift.metadata).toMatchObject({ kind: 'length', lengthUnit: 'words', threshold: 'split' });
    expect(shift.column('cut')).toEqual([7.5, 5.5, 7.5, 5.5]);
  });

  it('does nothing where nothing changed, and runs again after a changed text, label or parameter', async () => {
    expect((await run(river)).skipped).toBe(false);
    expect((await run(river)).skipped).toBe(true);
    const text = river.train.text.with(0, 'other words');
    expect((await run({ ...river, train: { ...river.train, text } })).skipped).toBe(false);
    expect((await run(river)).skipped).toBe(false);
    const label = river.dev.label.map((one) => 1 - one);
    expect((await run({ ...river, dev: { ...river.dev, label } })).skipped).toBe(false);
    expect((await run(river)).skipped).toBe(false);
    expect((await run(river, { parameters: { minimumRows: 1, threshold: 'train' } })).skipped).toBe(false);
    const shift = await readTable(join(outputFolder, 'shift.arrow'), shiftTable);
    expect(shift.column('cut')).toEqual([7.5, 7.5, 7.5, 7.5]);
  });

  it('runs again where a file of its own was changed', async () => {
    await run(river);
    writeFileSync(join(outputFolder, 'shifted', 'dev.arrow'), 'changed');
    expect((await run(river)).skipped).toBe(false);
    expect((await readPairFolder(outputFolder)).shifted.dev.text).toHaveLength(4);
  });

  it('counts the word pieces of an encoder', async () => {
    const encoder = join(folder, 'encoder');
    // "the" is one piece, each unknown word is spelled letter by letter.
    await createTinyEncoderFolder(encoder, ['the'], { layers: 1, seed: 1 });
    const texts = ['the the the the the', 'river', 'the', 'the river', 'the the', 'rivers', 'the sea', 'sea'];
    const split = { ...taskOf([1, 1, 1, 1, 1, 1, 1, 1], []).train, text: texts };
    const task = { ...river, train: split, dev: split };
    await run(task, { parameters: { unit: 'pieces', minimumRows: 1 }, encoder });
    const rows = await readTable(join(outputFolder, 'rows.arrow'), rowsTable);
    expect(rows.metadata.lengthUnit).toBe('pieces');
    const pair = await readPairFolder(outputFolder);
    expect([...pair.rows.original.train]).toEqual([2, 4, 6, 7]);
    expect([...rows.column('length').subarray(0, 4)]).toEqual([1, 2, 4, 3]);
  });
});

describe('the stage refuses, with one sentence and nothing written,', () => {
  it('a task of one length', async () => {
    expect(await refusal(taskOf([3, 3, 3, 3], [3, 3]))).toMatch(
      /^all train rows of rivers have one length, 3 words/,
    );
    expect(existsSync(outputFolder)).toBe(false);
  });

  it('too small a part', async () => {
    expect(await refusal(river, { parameters: {} })).toBe(
      'the original part rivers (shorter) has only 6 train rows, but 10 are the least; give a task with more rows, or cut it another way (--threshold, --unit), or lower --minimum-rows',
    );
    expect(existsSync(outputFolder)).toBe(false);
  });

  it('a part of one label', async () => {
    const label = Int32Array.from(river.train.text, (text) => (text.split(' ').length > 7 ? 1 : 0));
    const message = await refusal({ ...river, train: { ...river.train, label } });
    expect(message).toMatch(/^the original part rivers \(shorter\) has train rows of the label calm alone/);
    expect(existsSync(outputFolder)).toBe(false);
  });

  it('word pieces of no encoder, and an encoder without a tokeniser', async () => {
    const parameters = { unit: 'pieces', minimumRows: 1 } as const;
    expect(await refusal(river, { parameters })).toBe(
      'lengths in word pieces need the encoder whose pieces they are; name it with --encoder, or count words',
    );
    const encoder = temporaryFolder();
    expect(await refusal(river, { parameters, encoder })).toMatch(/has no tokenizer.json and no vocab.txt/);
    expect(existsSync(outputFolder)).toBe(false);
  });

  it('an output folder that cannot be one, and a task that is none', async () => {
    writeFileSync(outputFolder, 'a file');
    expect(await refusal(river)).toMatch(/^cannot make the folder .*out: a file is where a folder should be/);
    const options = {
      parameters: {},
      inputs: { task: temporaryFolder() },
      outputFolder: join(folder, 'other'),
    };
    await expect(runStage(lengthShiftStage, options)).rejects.toThrow(/train.arrow: it does not exist/);
    expect(existsSync(join(folder, 'other', 'rows.arrow'))).toBe(false);
  });

  it('a unit or threshold that there is not', async () => {
    const parameters = { unit: 'letters' } as unknown as Options['parameters'];
    expect(await refusal(river, { parameters })).toMatch(/parameter unit is wrong/);
    expect(await refusal(river, { parameters: { minimumRows: 0 } })).toMatch(
      /parameter minimumRows is wrong/,
    );
  });
});
