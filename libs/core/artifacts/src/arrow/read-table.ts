/**
 * One Arrow IPC file → columns, refused unless it is what the reader expects: a whole file, of this schema
 * and version, unchanged since its manifest was written. The way back of `write-table.ts`.
 */
import { FixedSizeList, type RecordBatch, type Schema } from 'apache-arrow';
import { damaged, InputError, refuseNewer, visible } from '@layerwise/errors';
import { withArrowFile } from './arrow-file.js';
import { columnTypeOf, metadataKey, typeLabel, typeOf } from './arrow-schema.js';
import { checkColumn, decodeColumn } from './decode-column.js';
import { verifyAgainstManifest } from '../stages/manifest.js';
import {
  reservedPrefix,
  type ColumnDeclaration,
  type DataOf,
  type Metadata,
  type TableSchema,
} from './schema.js';

/** A table in memory. */
export interface Table<
  C extends readonly ColumnDeclaration[] = readonly ColumnDeclaration[],
  K extends string = string,
> {
  readonly rows: number;
  /** Without the keys of the file form. */
  readonly metadata: Metadata<K>;
  /**
   * The data of a column. Numbers are a view of the file's bytes where the file is one batch, one
   * concatenation where it is more; texts are decoded. The first call for a column does the work, later ones
   * return the same object: treat it as read-only.
   */
  readonly column: <Name extends C[number]['name']>(
    name: Name,
  ) => DataOf<Extract<C[number], { readonly name: Name }>>;
}

/**
 * Reads all of `file`. InputError, naming file, expectation and finding, where it is not an Arrow IPC file,
 * is cut or damaged, has another schema or version, lacks a column or metadata key or has one too many, has
 * another type or an undeclared null, or differs from the digest in its manifest.
 */
export async function readTable<C extends readonly ColumnDeclaration[], K extends string>(
  file: string,
  schema: TableSchema<C, K>,
): Promise<Table<C, K>> {
  return withArrowFile(file, async (arrow) => {
    checkSchema(file, schema, arrow.schema);
    await verifyAgainstManifest(file);
    const rows = arrow.batchRows.reduce((sum, count) => sum + count, 0);
    const expected = arrow.schema.metadata.get(metadataKey.rows);
    if (expected !== String(rows)) {
      throw damaged(file, `its batches hold ${rows} rows, its metadata says ${String(expected)}`);
    }
    const batches: RecordBatch[] = [];
    for (let i = 0; i < arrow.batchRows.length; i++) batches.push(await arrow.readBatch(i));
    return tableOf(file, schema, arrow.schema, batches, rows);
  });
}

function tableOf<C extends readonly ColumnDeclaration[], K extends string>(
  file: string,
  schema: TableSchema<C, K>,
  arrow: Schema,
  batches: readonly RecordBatch[],
  rows: number,
): Table<C, K> {
  const parts = new Map(
    schema.columns.map((column) => {
      const position = arrow.fields.findIndex((field) => field.name === column.name);
      const data = batches.flatMap((batch) => batch.data.children[position] ?? []);
      checkColumn(file, column, data);
      return [column.name, { column, data, type: arrow.fields.map(typeOf)[position] }] as const;
    }),
  );
  const decodedColumns = new Map<string, unknown>();
  return {
    rows,
    metadata: Object.fromEntries(
      [...arrow.metadata].filter(([key]) => !key.startsWith(reservedPrefix)),
    ) as Metadata<K>,
    column: <Name extends C[number]['name']>(name: Name) => {
      const part = parts.get(name);
      if (part === undefined) throw new Error(`table ${schema.name} has no column ${name}`);
      let data = decodedColumns.get(name);
      if (data === undefined) {
        const size = part.type instanceof FixedSizeList ? part.type.listSize : 1;
        data = decodeColumn(file, part.column, part.data, rows, size);
        decodedColumns.set(name, data);
      }
      // The declared type was compared with the file's in `checkSchema`, and the decoder goes by the declared
      // type.
      return data as DataOf<Extract<C[number], { readonly name: Name }>>;
    },
  };
}

/** Compares names, versions, columns, types and metadata keys. */
function checkSchema(file: string, schema: TableSchema, found: Schema): void {
  const expectation = `${schema.name} version ${schema.version}`;
  const refuse = (finding: string): never => {
    throw new InputError(`${file} should be a table ${expectation}, but ${visible(finding)}`);
  };
  const name = found.metadata.get(metadataKey.name);
  const version = found.metadata.get(metadataKey.version);
  if (name === undefined)
    refuse('it is an Arrow file that layerwise did not write (it has no layerwise.schema)');
  if (name === schema.name) refuseNewer(file, `table ${schema.name}`, version, schema.version);
  if (name !== schema.name || version !== String(schema.version))
    refuse(`it is ${String(name)} version ${String(version)}`);
  const names = found.fields.map((field) => field.name);
  for (const column of schema.columns) {
    const fields = found.fields.filter((field) => field.name === column.name);
    const [field] = fields;
    if (field === undefined || fields.length > 1) {
      return refuse(
        `it has ${field === undefined ? 'no' : 'more than one'} column ${column.name} (it has ${names.join(', ')})`,
      );
    }
    if (columnTypeOf(typeOf(field)) !== column.type) {
      refuse(`its column ${column.name} is ${typeLabel(typeOf(field))} instead of ${column.type}`);
    }
  }
  const extra = names.find((candidate) => !schema.columns.some((column) => column.name === candidate));
  if (extra !== undefined) refuse(`it has a column ${extra} that does not belong there`);
  for (const key of schema.metadataKeys) {
    if (!found.metadata.has(key)) refuse(`its metadata lack ${key}`);
  }
}
