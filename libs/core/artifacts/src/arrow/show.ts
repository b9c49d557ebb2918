/** Any Arrow file (`any-table.ts`) as text for people and as JSON for programs. */
import { isArrowVector } from 'apache-arrow';
import { visible } from '@layerwise/errors';
import { readAnyTable, type AnyColumn, type AnyTable } from './any-table.js';
import { decoded } from './arrow-file.js';
import { textTable } from '../files/text-table.js';

export interface ShowOptions {
  /** Rows to show; default 10. */
  readonly limit?: number;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What `tableAsJson` returns; `data` holds an object a row. */
export interface TableJson extends Omit<AnyTable, 'head'> {
  readonly data: readonly Readonly<Record<string, Json>>[];
}

const defaultLimit = 10;

/**
 * Description and first rows of an Arrow file for JSON. Integers beyond 2^53 and numbers that JSON lacks
 * (NaN, Infinity) are strings, bytes hexadecimal, times ISO 8601. InputError where `file` is not a whole
 * Arrow IPC file.
 */
export async function tableAsJson(file: string, options: ShowOptions = {}): Promise<TableJson> {
  const { head, ...table } = await readAnyTable(file, options.limit ?? defaultLimit);
  const names = table.columns.map((column) => column.name);
  return {
    ...table,
    data: decoded(file, 'a value', () =>
      head.map((row) => Object.fromEntries(row.map((value, i) => [names[i] ?? '', json(value)]))),
    ),
  };
}

function json(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? 'invalid time' : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (isArrowVector(value) || Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as Iterable<unknown>, json);
  }
  // Rows of structs and maps give their fields through toJSON.
  const fields: unknown = hasToJson(value) ? value.toJSON() : value;
  return Object.fromEntries(Object.entries(fields as object).map(([key, field]) => [key, json(field)]));
}

function hasToJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
  );
}

const longestCell = 60;
const longestMetadata = 160;
const listedItems = 4;

/**
 * Description and first rows of an Arrow file as lines of text. Long texts and lists are elided; control
 * characters are escaped. InputError where `file` is not a whole Arrow IPC file.
 */
export async function renderTable(file: string, options: ShowOptions = {}): Promise<string> {
  const table = await readAnyTable(file, options.limit ?? defaultLimit);
  const { schema, rows, batches, columns, head } = table;
  const title =
    schema === null
      ? 'an Arrow file without a layerwise schema'
      : `${visible(schema.name)} version ${schema.version}: ${visible(schema.description)}`;
  const metadata = Object.entries(table.metadata).map(([key, value]) => [
    visible(key),
    elided(value, longestMetadata),
  ]);
  return [
    title,
    `${count(rows, 'row')} in ${count(batches, 'record batch', 'record batches')}`,
    ...section('metadata', textTable(metadata)),
    ...section('columns', textTable(columns.map(columnLine))),
    ...section(
      head.length < rows ? `the first ${count(head.length, 'row')}` : 'all rows',
      head.length === 0
        ? []
        : textTable([
            columns.map(({ name }) => visible(name)),
            ...decoded(file, 'a value', () =>
              head.map((row) => row.map((value, i) => cell(value, columns[i]?.type ?? ''))),
            ),
          ]),
    ),
    '',
  ].join('\n');
}

function columnLine({ name, type, unit, nullable, description }: AnyColumn): string[] {
  const kind = `${visible(type)}${nullable ? ', nullable' : ''}${unit === undefined ? '' : `, in ${visible(unit)}`}`;
  return [visible(name), kind, visible(description ?? '')];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** One value in one line; only the first items of a list are decoded. `type` is the column's. */
function cell(value: unknown, type: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return elided(value, longestCell);
  if (typeof value === 'number') return type.includes('float32') ? shortest(value) : String(value);
  if (isArrowVector(value)) {
    const items = Array.from(value.slice(0, listedItems) as Iterable<unknown>, (item) => cell(item, type));
    const more = value.length > listedItems ? `, … ${value.length.toLocaleString('en-US')} in all` : '';
    return `[${items.join(', ')}${more}]`;
  }
  const text = json(value);
  return elided(typeof text === 'string' ? text : JSON.stringify(text), longestCell);
}

/** The fewest digits that give the same float32 (nine always do). */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** `text` without control characters, cut to `longest` characters; reads no more of a text than it shows. */
function elided(text: string, longest: number): string {
  const characters = Array.from(visible(text.slice(0, 2 * longest + 2)));
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest - 1).join('')}…`;
}
