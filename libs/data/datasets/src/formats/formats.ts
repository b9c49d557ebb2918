/** The formats that a task's files can have, each in a file of its own. */
import { extname } from 'node:path';
import { InputError } from '@layerwise/errors';
import { readCsv, readQuotedTsv } from './csv.js';
import { readJsonl } from './jsonl.js';
import { readParquet } from './parquet.js';
import type { ReadRows } from './rows.js';
import { readTsv } from './tsv.js';
import type { TaskFileOptions } from '../options.js';

export interface Format {
  readonly read: ReadRows;
  readonly extensions: readonly string[];
  /** What a row's place in the file is counted in. */
  readonly counts: 'lines' | 'rows';
}

export const FORMATS: Readonly<Record<NonNullable<TaskFileOptions['format']>, Format>> = {
  tsv: { read: readTsv, extensions: ['.tsv'], counts: 'lines' },
  csv: { read: readCsv, extensions: ['.csv'], counts: 'lines' },
  'quoted-tsv': { read: readQuotedTsv, extensions: ['.tsv'], counts: 'lines' },
  jsonl: { read: readJsonl, extensions: ['.jsonl', '.ndjson', '.json'], counts: 'lines' },
  parquet: { read: readParquet, extensions: ['.parquet'], counts: 'rows' },
};

/** The format of a file: as named by the caller, or by the end of its name. */
export function formatOf(file: string, named: TaskFileOptions['format']): Format {
  const extension = extname(file).toLowerCase();
  for (const [name, format] of Object.entries(FORMATS))
    if (named === undefined ? format.extensions.includes(extension) : name === named) return format;
  const names = Object.keys(FORMATS).join(', ');
  if (named !== undefined)
    throw new InputError(`There is no format ${JSON.stringify(named)}; choose one of ${names}`);
  throw new InputError(`${file} does not end as a known format does; say which with --format (${names})`);
}
