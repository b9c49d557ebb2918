/**
 * The stage `datasets`: two sources, whatever their format, become two task folders of Arrow files,
 * `original/` and `shifted/`. Everything after it reads those alone.
 */
import { join } from 'node:path';
import { defineStage, writeTaskFolder, type MadeTask } from '@layerwise/artifacts';
import { z } from 'zod';
import { isBuiltinSource } from './builtin/generate.js';
import type { OpenedTask } from './file-task.js';
import { openTask } from './open-task.js';
import type { OpenTaskOptions } from './open-task.js';
import { devFilesApart } from './splits/split-files.js';
import { leftOutInWords } from './splits/split.js';

/** Texts of a training split that stand for all. */
const SAMPLE = 64;

const source = z.string().min(1);
const column = z.string().min(1).optional();
const format = z.enum(['tsv', 'csv', 'jsonl', 'parquet']).optional();
const devSplit = z.enum(['matched', 'mismatched']).optional();

const parameters = z.object({
  original: source.describe('the first task: a folder, a file or builtin:NAME'),
  originalTextColumn: column.describe('its text column'),
  originalPairColumn: column.describe('its column of second texts'),
  originalLabelColumn: column.describe('its label column'),
  originalDevFile: column.describe('its dev file'),
  originalDevSplit: devSplit.describe("which of MNLI's dev sets"),
  originalFormat: format.describe("its files' format, where their names do not say"),
  shifted: source.describe('the second task, likewise'),
  shiftedTextColumn: column.describe('its text column'),
  shiftedPairColumn: column.describe('its column of second texts'),
  shiftedLabelColumn: column.describe('its label column'),
  shiftedDevFile: column.describe('its dev file'),
  shiftedDevSplit: devSplit.describe("which of MNLI's dev sets"),
  shiftedFormat: format.describe("its files' format, where their names do not say"),
  trainLimit: z.number().int().positive().optional().describe('only the first rows of each train split'),
  skipBadRows: z.boolean().default(false).describe('leave out and count rows that cannot be read'),
});

export const datasetsStage = defineStage({
  name: 'datasets',
  version: 1,
  description: 'Reads the original and the shifted task from their sources.',
  after: [],
  takesPair: true,
  parameters,
  outputs: [
    { file: 'original/', description: 'the first task' },
    { file: 'shifted/', description: 'the second task' },
  ],
  sources: (parameters) => {
    const sources = sourcesOf(parameters).flatMap(([name, from, options]) =>
      isBuiltinSource(from)
        ? []
        : [[name, from], ...devFilesApart(from, options).map((file, i) => [`${name} dev ${i + 1}`, file])],
    );
    return Object.fromEntries(sources) as Record<string, string>;
  },
  async makes(parameters) {
    const made: Record<string, MadeTask> = {};
    for (const [name, from, options] of sourcesOf(parameters)) {
      const { train, dev } = (await openTask(from, options)).task;
      const sample = { text: train.text.slice(0, SAMPLE), pair: train.pair?.slice(0, SAMPLE) ?? null };
      made[name] = { train: train.label.length, dev: dev.label.length, sample };
    }
    return made;
  },
  async run({ parameters, outputFolder, progress, signal }) {
    // Both are read before anything is written: a bad row of the second leaves nothing of the first.
    const tasks: (readonly [name: string, opened: OpenedTask])[] = [];
    for (const [name, from, options] of sourcesOf(parameters)) {
      signal.throwIfAborted();
      tasks.push([name, await openTask(from, options)]);
    }
    const counts: Record<string, number> = {};
    const notes: string[] = [];
    for (const [name, { task, skipped }] of tasks) {
      signal.throwIfAborted();
      await writeTaskFolder(task, join(outputFolder, name));
      progress(
        `${name}: ${task.name}, ${task.train.label.length} train and ${task.dev.label.length} dev rows`,
      );
      counts[`${name}Train`] = task.train.label.length;
      counts[`${name}Dev`] = task.dev.label.length;
      counts[`${name}Skipped`] = skipped.reduce((sum, { count }) => sum + count, 0);
      notes.push(...leftOutInWords(skipped));
    }
    return { counts, notes };
  },
});

/** Each task by its name, with where it is and how its files are read. */
function sourcesOf(p: z.output<typeof parameters>): readonly (readonly [string, string, OpenTaskOptions])[] {
  const limits = { trainLimit: p.trainLimit, skipBadRows: p.skipBadRows };
  const original = {
    ...limits,
    textColumn: p.originalTextColumn,
    pairColumn: p.originalPairColumn,
    labelColumn: p.originalLabelColumn,
    devFile: p.originalDevFile,
    devSplit: p.originalDevSplit,
    format: p.originalFormat,
  };
  const shifted = {
    ...limits,
    textColumn: p.shiftedTextColumn,
    pairColumn: p.shiftedPairColumn,
    labelColumn: p.shiftedLabelColumn,
    devFile: p.shiftedDevFile,
    devSplit: p.shiftedDevSplit,
    format: p.shiftedFormat,
  };
  return [
    ['original', p.original, original],
    ['shifted', p.shifted, shifted],
  ];
}
