/**
 * The two tasks of a pair on the command line: `--original` and `--shifted`, or `--pair` for the folder that
 * a shift wrote.
 */
import { basename, join } from 'node:path';
import { fileExists, InputError } from '@layerwise/errors';

export const ORIGINAL_OPTION = [
  '--original <dir>',
  'the first task: a folder, a file or builtin:KIND',
] as const;
export const SHIFTED_OPTION = ['--shifted <dir>', 'the second task, likewise'] as const;
export const PAIR_OPTION = [
  '--pair <dir>',
  'both tasks: the folder that a shift wrote, in place of the two',
] as const;

/** The options as typed. */
export interface TypedPair {
  readonly original?: string;
  readonly shifted?: string;
  readonly pair?: string;
}

/** Where the two tasks are. @throws InputError where that is not said, or said twice */
export function tasksOf({ original, shifted, pair }: TypedPair): { original: string; shifted: string } {
  if (pair === undefined) {
    if (original !== undefined && shifted !== undefined) return { original, shifted };
    const missing = original === undefined ? '--original' : '--shifted';
    throw new InputError(
      `${missing} is missing: give both tasks, or --pair with the folder that a shift wrote.`,
    );
  }
  if (original !== undefined || shifted !== undefined) {
    throw new InputError('--pair names both tasks; leave out --original and --shifted, or --pair.');
  }
  const tasks = { original: join(pair, 'original'), shifted: join(pair, 'shifted') };
  const missing = Object.values(tasks).find((folder) => !fileExists(join(folder, 'train.arrow')));
  if (missing === undefined) return tasks;
  throw new InputError(`${pair} is not a pair of tasks: it has no ${basename(missing)}/train.arrow.`);
}
