/**
 * The stage `datasets`: two sources, whatever their format, become two task folders of Arrow files, `original/` and
 * `shifted/`. Everything after it reads those alone.
 */
import { join } from 'node:path';
import { defineStage, writeTaskFolder } from '@layerwise/artifacts';
import { z } from 'zod';
import { isBuiltinSource } from './builtin/generate.js';
import { openTask } from './open-task.js';
import type { OpenTaskOptions } from './open-task.js';

const source = z.string().min(1);
const column = z.string().min(1).optional();
const format = z.enum(['tsv', 'csv', 'jsonl', 'parquet']).optional();
const devSplit = z.enum(['matched', 'mismatched']).optional();

export const datasetsStage = defineStage({
  name: 'datasets',
  version: 1,
  description: 'Reads the original and the shifted task from their sources.',
  after: [],
  parameters: z.object({
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
  }),
  outputs: [
    { file: 'original/', description: 'the first task' },
    { file: 'shifted/', description: 'the second task' },
  ],
  sources: ({ original, shifted }) =>
    Object.fromEntries(Object.entries({ original, shifted }).filter(([, path]) => !isBuiltinSource(path))),
  async run({ parameters: p, outputFolder, progress, signal }) {
    const limits = { trainLimit: p.trainLimit, skipBadRows: p.skipBadRows };
    const tasks: readonly (readonly [name: string, source: string, options: OpenTaskOptions])[] = [
      [
        'original',
        p.original,
        {
          ...limits,
          textColumn: p.originalTextColumn,
          pairColumn: p.originalPairColumn,
          labelColumn: p.originalLabelColumn,
          devFile: p.originalDevFile,
          devSplit: p.originalDevSplit,
          format: p.originalFormat,
        },
      ],
      [
        'shifted',
        p.shifted,
        {
          ...limits,
          textColumn: p.shiftedTextColumn,
          pairColumn: p.shiftedPairColumn,
          labelColumn: p.shiftedLabelColumn,
          devFile: p.shiftedDevFile,
          devSplit: p.shiftedDevSplit,
          format: p.shiftedFormat,
        },
      ],
    ];
    const counts: Record<string, number> = {};
    const notes: string[] = [];
    for (const [name, from, options] of tasks) {
      signal.throwIfAborted();
      const { task, skipped } = await openTask(from, options);
      await writeTaskFolder(task, join(outputFolder, name));
      progress(
        `${name}: ${task.name}, ${task.train.label.length} train and ${task.dev.label.length} dev rows`,
      );
      counts[`${name}Train`] = task.train.label.length;
      counts[`${name}Dev`] = task.dev.label.length;
      counts[`${name}Skipped`] = skipped.reduce((sum, { count }) => sum + count, 0);
      for (const { file, count, firstReasons } of skipped)
        notes.push(
          `${file}: ${count} bad ${count === 1 ? 'row' : 'rows'} left out, the first: ${firstReasons.join('; ')}`,
        );
    }
    return { counts, notes };
  },
});
