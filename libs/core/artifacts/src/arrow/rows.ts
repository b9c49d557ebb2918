/** A table as objects, a row each: for short tables, whose rows are picked and grouped by hand. */
import { readTable } from './read-table.js';
import { arrayOf, isNumberType, type ColumnDeclaration, type ColumnsOf } from './schema.js';
import type { DataOf, ListColumn, Metadata, TableSchema } from './schema.js';
import { writeTable, type MetadataArguments } from './write-table.js';

type Value<C extends ColumnDeclaration> =
  DataOf<C> extends ListColumn<infer List>
    ? List extends ArrayLike<infer One>
      ? readonly One[]
      : never
    : DataOf<C> extends ArrayLike<infer One>
      ? One
      : never;

/** A row of a schema's table: its columns by name. */
export type RowOf<S> =
  S extends TableSchema<infer C> ? { readonly [K in C[number] as K['name']]: Value<K> } : never;

export interface Rows<S, K extends string> {
  readonly metadata: Metadata<K>;
  readonly rows: readonly RowOf<S>[];
}

/** @throws InputError as `readTable` does */
export async function readRows<C extends readonly ColumnDeclaration[], K extends string>(
  file: string,
  schema: TableSchema<C, K>,
): Promise<Rows<TableSchema<C, K>, K>> {
  const table = await readTable(file, schema);
  const names = schema.columns.map(({ name }) => name as C[number]['name']);
  const columns = names.map((name) => [name, table.column(name)] as const);
  const rows = Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, data]) => [name, valueAt(data, row)])),
  );
  return { metadata: table.metadata, rows: rows as unknown as readonly RowOf<TableSchema<C, K>>[] };
}

function valueAt(data: unknown, row: number): unknown {
  if (Array.isArray(data) || ArrayBuffer.isView(data)) return (data as unknown as ArrayLike<unknown>)[row];
  const { offsets, values } = data as ListColumn<ArrayLike<unknown>>;
  return Array.from(values).slice(offsets[row], offsets[row + 1]);
}

/** The way back of `readRows`. @throws as `writeTable` does */
export async function writeRows<C extends readonly ColumnDeclaration[], K extends string>(
  file: string,
  schema: TableSchema<C, K>,
  rows: readonly RowOf<TableSchema<C, K>>[],
  metadata: Metadata<K>,
): Promise<void> {
  const valuesOf = (name: string): unknown[] => rows.map((row) => (row as Record<string, unknown>)[name]);
  const columns = schema.columns.map((column) => [column.name, dataOf(column, valuesOf(column.name))]);
  const rest = [metadata] as unknown as MetadataArguments<K>;
  await writeTable(file, schema, Object.fromEntries(columns) as ColumnsOf<C>, ...rest);
}

function dataOf({ type, nullable = false }: ColumnDeclaration, values: readonly unknown[]): unknown {
  if (!type.startsWith('list<')) return nullable ? values : typed(type, values);
  const lists = values as readonly (readonly unknown[])[];
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, row) => (offsets[row + 1] = offsets[row]! + list.length));
  return { offsets, values: typed(type.slice('list<'.length, -1), lists.flat()) };
}

function typed(type: string, values: readonly unknown[]): unknown {
  return isNumberType(type) ? new arrayOf[type](values as never) : values;
}
