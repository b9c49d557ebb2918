/**
 * How the files of a task are read, each option declared once: the command line, the stage `datasets` and the
 * stages that read tasks follow from these. Light, so that a command line can read it before any file is.
 */
import { z } from 'zod';

const word = z.string().min(1).optional();

/** Of one task, for `z.object`. */
export const taskFileOptions = {
  textColumn: word.describe('column of the sentence'),
  pairColumn: word.describe('column of the second sentence'),
  labelColumn: word.describe('column of the label'),
  labelsAsWritten: z
    .boolean()
    .optional()
    .describe('nan, NA, None and the like are classes, not missing labels, and 1.0 is another class than 1'),
  format: z
    .enum(['tsv', 'csv', 'quoted-tsv', 'jsonl', 'parquet'])
    .optional()
    .describe('of its files, where a file name does not tell'),
  devFile: word.describe('the dev split, where it lies elsewhere'),
  devSplit: z.enum(['matched', 'mismatched']).optional().describe('which dev split of MNLI'),
};

/** Of all tasks that are read, for `z.object`. */
export const taskRowOptions = {
  trainLimit: z.number().int().min(1).optional().describe('only the first rows of each training split'),
  skipBadRows: z.boolean().optional().describe('leave out and count rows that cannot be read'),
  longestText: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('characters of the longest text that is no bad row (1,000,000 where nobody says)'),
  expansion: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'how often its own size a Parquet file of more than 100 MB of texts may become (50 where nobody says)',
    ),
};

type Options = typeof taskFileOptions;
export type TaskFileOptions = z.output<z.ZodObject<Options>>;
export type TaskRowOptions = z.output<z.ZodObject<typeof taskRowOptions>>;
/** How one task is read. */
export type OpenTaskOptions = TaskFileOptions & TaskRowOptions;

/** The file options of one task of two: `textColumn` is `originalTextColumn` or `shiftedTextColumn`. */
export function fileOptionsFor<Task extends 'original' | 'shifted'>(
  task: Task,
): { [Name in keyof Options as `${Task}${Capitalize<Name>}`]: Options[Name] } {
  const whose = task === 'original' ? 'of the first task alone' : 'of the second task alone';
  const named = Object.entries(taskFileOptions).map(
    ([name, option]) =>
      [ofTask(task, name), option.describe(`${option.description ?? ''}, ${whose}`)] as const,
  );
  return Object.fromEntries(named) as ReturnType<typeof fileOptionsFor<Task>>;
}

/** What was said of one task, by the names of `taskFileOptions`; what nobody said is absent. */
export function ownFileOptions(task: 'original' | 'shifted', options: object): Partial<TaskFileOptions> {
  const values = options as Readonly<Record<string, unknown>>;
  const own = Object.keys(taskFileOptions).map((name) => [name, values[ofTask(task, name)]] as const);
  return Object.fromEntries(own.filter(([, value]) => value !== undefined));
}

function ofTask(task: string, name: string): string {
  return `${task}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
