/**
 * Options that say how task files are read. Each holds for both tasks of a pair; with `shifted-` before its name it holds
 * for the second one in place of the common one.
 */
import { type Command, Option } from 'commander';
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

export interface TaskOptions extends TaskFileOptions {
  /** Rows of each training split; undefined: all. */
  readonly trainLimit?: number;
  readonly skipBadRows?: boolean;
  readonly shiftedTextColumn?: string;
  readonly shiftedPairColumn?: string;
  readonly shiftedLabelColumn?: string;
  readonly shiftedFormat?: string;
  readonly shiftedDevFile?: string;
  readonly shiftedDevSplit?: 'matched' | 'mismatched';
}

const FILE_OPTIONS = [
  ['text-column <name>', 'column of the sentence'],
  ['pair-column <name>', 'column of the second sentence'],
  ['label-column <name>', 'column of the label'],
  ['format <name>', 'tsv, csv, jsonl or parquet, where a file name does not tell'],
  ['dev-file <file>', 'the dev split, where it lies elsewhere'],
] as const;

const DEV_SPLITS = ['matched', 'mismatched'] as const;

export function addTaskOptions(command: Command): Command {
  command
    .option(
      '--train-limit <rows>',
      'only the first rows of each training split',
      wholeNumber('--train-limit', 1),
    )
    .option('--skip-bad-rows', 'leave out and count rows that cannot be read');
  for (const prefix of ['', 'shifted-']) {
    const whose = prefix === '' ? '' : ', of the second task alone';
    for (const [flags, what] of FILE_OPTIONS) command.option(`--${prefix}${flags}`, `${what}${whose}`);
    const split = new Option(`--${prefix}dev-split <name>`, `which dev split of MNLI${whose}`);
    command.addOption(split.choices(DEV_SPLITS));
  }
  return command;
}

/** The options of the first and of the second task. */
export function taskOptionsOf(options: TaskOptions) {
  const common = {
    skipBadRows: options.skipBadRows === true,
    ...(options.trainLimit !== undefined && { trainLimit: options.trainLimit }),
  };
  const { textColumn, pairColumn, labelColumn, format, devFile, devSplit } = options;
  const original = { textColumn, pairColumn, labelColumn, format, devFile, devSplit };
  const shifted = {
    textColumn: options.shiftedTextColumn ?? textColumn,
    pairColumn: options.shiftedPairColumn ?? pairColumn,
    labelColumn: options.shiftedLabelColumn ?? labelColumn,
    format: options.shiftedFormat ?? format,
    devFile: options.shiftedDevFile ?? devFile,
    devSplit: options.shiftedDevSplit ?? devSplit,
  };
  return { original: { ...common, ...given(original) }, shifted: { ...common, ...given(shifted) } };
}

/** Without the keys that are undefined. */
function given<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
