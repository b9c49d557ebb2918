/**
 * Options that say how task files are read (`@layerwise/datasets/options`). Each holds for both tasks of a
 * pair; with `original-` or `shifted-` before its name it holds for the first or the second one alone, in
 * place of the common one.
 */
import type { Command } from 'commander';
import {
  fileOptionsFor,
  ownFileOptions,
  taskFileOptions,
  taskRowOptions,
  type TaskFileOptions,
  type TaskRowOptions,
} from '@layerwise/datasets/options';
import { InputError } from '@layerwise/errors';
import type { z } from 'zod';
import { addFlags, kebab } from './flags.js';

const oneTaskOptions = { ...taskRowOptions, ...taskFileOptions };
const ofEither = { ...fileOptionsFor('original'), ...fileOptionsFor('shifted') };

export type TaskOptions = z.output<z.ZodObject<typeof oneTaskOptions & typeof ofEither>>;

/** The options for the two tasks of a pair. */
export function addTaskOptions(command: Command): Command {
  return addFlags(command, { ...oneTaskOptions, ...ofEither });
}

/** The options for one task. */
export function addOneTaskOptions(command: Command): Command {
  return addFlags(command, oneTaskOptions);
}

/** The options of any task. @throws InputError for those of the first or second one alone */
export function commonTaskOptions(options: TaskOptions): TaskRowOptions & TaskFileOptions {
  const alone = Object.keys(options).find((key) => key in ofEither);
  if (alone === undefined) return taskOptionsOf(options).original;
  throw new InputError(
    `--${kebab(alone)} is for one task of a pair, and --sequence takes options of all tasks alone.`,
  );
}

/** The options of the first and of the second task; what nobody said is absent. */
export function taskOptionsOf(
  options: TaskOptions,
): Readonly<Record<'original' | 'shifted', TaskRowOptions & TaskFileOptions>> {
  const rows = { skipBadRows: false, ...said(options, taskRowOptions) };
  const of = (task: 'original' | 'shifted') => {
    const own = ownFileOptions(task, options);
    // As without a prefix: a text column without a pair column means single sentences.
    const { pairColumn, ...common } = options;
    const files = { ...common, ...(own.textColumn === undefined && { pairColumn }), ...own };
    return { ...rows, ...said(files, taskFileOptions) };
  };
  return { original: of('original'), shifted: of('shifted') };
}

/** The options of `shape` that somebody gave. */
function said<Shape extends z.ZodRawShape>(
  options: object,
  shape: Shape,
): Partial<z.output<z.ZodObject<Shape>>> {
  const given = Object.entries(options).filter(([name, value]) => name in shape && value !== undefined);
  return Object.fromEntries(given) as Partial<z.output<z.ZodObject<Shape>>>;
}
