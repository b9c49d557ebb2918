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
import { fileOptionsFor, ownFileOptions, taskRowOptions, type OpenTaskOptions } from './options.js';
import { devFilesApart } from './splits/split-files.js';

/** Texts of a training split that stand for all. */
const SAMPLE = 64;

const source = z.string().min(1);

const parameters = z.object({
  original: source.describe('the first task: a folder, a file or builtin:NAME'),
  ...fileOptionsFor('original'),
  shifted: source.describe('the second task, likewise'),
  ...fileOptionsFor('shifted'),
  ...taskRowOptions,
  skipBadRows: taskRowOptions.skipBadRows.default(false),
});

export const datasetsStage = defineStage({
  name: 'datasets',
  version: 2,
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
    for (const [name, { task, skipped, notes: ofTask }] of tasks) {
      signal.throwIfAborted();
      await writeTaskFolder(task, join(outputFolder, name));
      progress(
        `${name}: ${task.name}, ${task.train.label.length} train and ${task.dev.label.length} dev rows`,
      );
      counts[`${name}Train`] = task.train.label.length;
      counts[`${name}Dev`] = task.dev.label.length;
      counts[`${name}Skipped`] = skipped.reduce((sum, { count }) => sum + count, 0);
      notes.push(...ofTask);
    }
    return { counts, notes };
  },
});

/** Each task by its name, with where it is and how its files are read. */
function sourcesOf(p: z.output<typeof parameters>): readonly (readonly [string, string, OpenTaskOptions])[] {
  const { trainLimit, skipBadRows, longestText, expansion } = p;
  const rows = { trainLimit, skipBadRows, longestText, expansion };
  return [
    ['original', p.original, { ...rows, ...ownFileOptions('original', p) }],
    ['shifted', p.shifted, { ...rows, ...ownFileOptions('shifted', p) }],
  ];
}
