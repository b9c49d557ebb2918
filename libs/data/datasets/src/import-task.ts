/**
 * One task from whatever form it has (`open-task.ts`) into a task folder of Arrow files, done once for the
 * same bytes: what the command line does with a source before a stage reads it.
 */
import { basename, join } from 'node:path';
import { defineStage, fingerprint, runStage, writeTaskFolder } from '@layerwise/artifacts';
import { z } from 'zod';
import { isBuiltinSource } from './builtin/generate.js';
import { openTask } from './open-task.js';
import { taskFileOptions, taskRowOptions, type OpenTaskOptions } from './options.js';
import { devFilesApart } from './splits/split-files.js';

/** Not in the pipeline, but it skips and tells of itself as those stages do. */
const importing = defineStage({
  name: 'task',
  version: 2,
  description: 'Reads a task from its source.',
  after: [],
  parameters: z.object({
    source: z.string().min(1),
    ...taskFileOptions,
    ...taskRowOptions,
    skipBadRows: taskRowOptions.skipBadRows.default(false),
  }),
  outputs: [
    { file: 'train.arrow', description: 'rows to learn from' },
    { file: 'dev.arrow', description: 'rows to measure on' },
    { file: 'test.arrow', description: 'rows for the end', optional: true },
  ],
  sources: ({ source, ...options }): Record<string, string> => {
    if (isBuiltinSource(source)) return {};
    const apart = devFilesApart(source, options).map((file, i) => [`dev ${i + 1}`, file] as const);
    return { source, ...Object.fromEntries(apart) };
  },
  async run({ parameters: { source, ...options }, outputFolder }) {
    const { task, notes } = await openTask(source, options);
    await writeTaskFolder(task, outputFolder);
    return { notes };
  },
});

/**
 * The folder below `cacheFolder` with the task of `source` as Arrow files; read from the source where that or
 * an option changed. Also gives the notes of
 * the task. @throws InputError where the source is not a
 * task.
 */
export async function importTask(
  source: string,
  options: OpenTaskOptions,
  cacheFolder: string,
): Promise<{ readonly folder: string; readonly notes: readonly string[] }> {
  const parameters = importing.parameters.parse({ source, ...options });
  const name = basename(source).replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  const key = fingerprint(JSON.parse(JSON.stringify(parameters))).slice(0, 12);
  const folder = join(cacheFolder, `${name}-${key}`);
  const { manifest } = await runStage(importing, { parameters, inputs: {}, outputFolder: folder });
  return { folder, notes: manifest.notes ?? [] };
}
