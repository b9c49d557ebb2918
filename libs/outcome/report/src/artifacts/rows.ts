/**
 * A table as objects, a row each: for the short tables of a report, where rows are picked and grouped by
 * hand.
 */
import {
  readTable,
  type ColumnDeclaration,
  type DataOf,
  type ListColumn,
  type Metadata,
  type TableSchema,
} from '@layerwise/artifacts';

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
