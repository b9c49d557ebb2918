/**
 * Options that say how task files are read. Each holds for both tasks of a pair; with `original-` or
 * `shifted-` before its name it holds for the first or the second one alone, in place of the common one.
 */
import { type Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import { wholeNumber } from './option-types.js';

/** What `openTask` of `@layerwise/datasets` takes. */
export interface TaskFileOptions {
  readonly textColumn?: string;
  readonly pairColumn?: string;
  readonly labelColumn?: string;
  readonly format?: string;
  readonly devFile?: string;
  readonly devSplit?: 'matched' | 'mismatched';
}

type OfOneTask<Prefix extends string> = {
  readonly [Key in keyof TaskFileOptions as `${Prefix}${Capitalize<Key>}`]?: TaskFileOptions[Key];
};

export interface TaskOptions extends TaskFileOptions, OfOneTask<'original'>, OfOneTask<'shifted'> {
  /** Rows of each training split; undefined: all. */
  readonly trainLimit?: number;
  readonly skipBadRows?: boolean;
}

const FILE_OPTIONS = [
  ['text-column <name>', 'column of the sentence'],
  ['pair-column <name>', 'column of the second sentence'],
  ['label-column <name>', 'column of the label'],
  ['format <name>', 'tsv, csv, jsonl or parquet, where a file name does not tell'],
  ['dev-file <file>', 'the dev split, where it lies elsewhere'],
] as const;

const DEV_SPLITS = ['matched', 'mismatched'] as const;

/** Before the name of an option that holds for one task of two. */
const PREFIXES = [
  ['', ''],
  ['original-', ', of the first task alone'],
  ['shifted-', ', of the second task alone'],
] as const;

/** The options for the two tasks of a pair. */
export function addTaskOptions(command: Command): Command {
  return addFileOptions(command, PREFIXES);
}

/** The options for one task. */
export function addOneTaskOptions(command: Command): Command {
  return addFileOptions(command, PREFIXES.slice(0, 1));
}

function addFileOptions(command: Command, prefixes: readonly (readonly [string, string])[]): Command {
  command
    .option(
      '--train-limit <rows>',
      'only the first rows of each training split',
      wholeNumber('--train-limit', 1),
    )
    .option('--skip-bad-rows', 'leave out and count rows that cannot be read');
  for (const [prefix, whose] of prefixes) {
    for (const [flags, what] of FILE_OPTIONS) command.option(`--${prefix}${flags}`, `${what}${whose}`);
    const split = new Option(`--${prefix}dev-split <name>`, `which dev split of MNLI${whose}`);
    command.addOption(split.choices(DEV_SPLITS));
  }
  return command;
}

/** The options of any task. @throws InputError for those of the first or second one alone */
export function commonTaskOptions(options: TaskOptions) {
  const { original } = taskOptionsOf(options);
  const alone = Object.keys(options).find((key) => /^(original|shifted)[A-Z]/.test(key));
  if (alone === undefined) return original;
  const flag = `--${alone.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new InputError(`${flag} is for one task of a pair, and --sequence takes options of all tasks alone.`);
}

/** The options of the first and of the second task. */
export function taskOptionsOf(options: TaskOptions) {
  const common = {
    skipBadRows: options.skipBadRows === true,
    ...(options.trainLimit !== undefined && { trainLimit: options.trainLimit }),
  };
  return {
    original: { ...common, ...given(fileOptionsOf(options, 'original')) },
    shifted: { ...common, ...given(fileOptionsOf(options, 'shifted')) },
  };
}

function fileOptionsOf(options: TaskOptions, task: 'original' | 'shifted') {
  const own = options[`${task}TextColumn` as const];
  return {
    textColumn: own ?? options.textColumn,
    // As without a prefix: a text column without a pair column means single sentences.
    pairColumn: options[`${task}PairColumn` as const] ?? (own === undefined ? options.pairColumn : undefined),
    labelColumn: options[`${task}LabelColumn` as const] ?? options.labelColumn,
    format: options[`${task}Format` as const] ?? options.format,
    devFile: options[`${task}DevFile` as const] ?? options.devFile,
    devSplit: options[`${task}DevSplit` as const] ?? options.devSplit,
  };
}

/** Without the keys that are undefined. */
function given<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
