/**
 * A `TableSchema` as an Arrow schema: name, version and description in the schema's metadata, unit and
 * description in each field's, so that any Arrow reader shows them. `write-table.ts` writes it,
 * `read-table.ts` compares with it.
 */
import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  Int64,
  List,
  Schema,
  Uint8,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import type { ColumnDeclaration, ColumnType, TableSchema } from './schema.js';

export const metadataKey = {
  name: 'layerwise.schema',
  version: 'layerwise.version',
  description: 'layerwise.description',
  /** The number of rows: a file whose batches do not add up to it has lost some. */
  rows: 'layerwise.rows',
} as const;

/** The Arrow type of each type of column; `size` is the length of a fixed-size list. */
const arrowTypes: Readonly<Record<ColumnType, (size: number) => DataType>> = {
  int32: () => new Int32(),
  int64: () => new Int64(),
  uint8: () => new Uint8(),
  float32: () => new Float32(),
  float64: () => new Float64(),
  bool: () => new Bool(),
  utf8: () => new Utf8(),
  'list<int32>': () => new List(item(new Int32())),
  'list<float32>': () => new List(item(new Float32())),
  'list<float64>': () => new List(item(new Float64())),
  'list<utf8>': () => new List(item(new Utf8())),
  'fixed_size_list<float32>': (size) => new FixedSizeList(size, item(new Float32())),
};

function item<T extends DataType>(type: T): Field<T> {
  return new Field('item', type, false);
}

/** `sizes` holds the row length of each fixed-size list column, by column name. */
export function arrowSchema(
  schema: TableSchema,
  rows: number,
  metadata: Readonly<Record<string, string>>,
  sizes: ReadonlyMap<string, number>,
): Schema {
  const fields = schema.columns.map((column) => arrowField(column, sizes.get(column.name) ?? 0));
  return new Schema(
    fields,
    new Map([
      [metadataKey.name, schema.name],
      [metadataKey.version, String(schema.version)],
      [metadataKey.description, schema.description],
      [metadataKey.rows, String(rows)],
      ...Object.entries(metadata),
    ]),
  );
}

function arrowField(column: ColumnDeclaration, size: number): Field {
  const metadata = new Map([['description', column.description]]);
  if (column.unit !== undefined) metadata.set('unit', column.unit);
  return new Field(column.name, arrowTypes[column.type](size), column.nullable === true, metadata);
}

/** The type of a field; apache-arrow declares it as any. */
export function typeOf(field: Field): DataType {
  return field.type as DataType;
}

/** The declared type of an Arrow type, undefined where there is none; an item's name and nullability vary. */
export function columnTypeOf(type: DataType): ColumnType | undefined {
  const name = typeName(type);
  return Object.hasOwn(arrowTypes, name) ? (name as ColumnType) : undefined;
}

/** A type as Arrow and `ColumnType` write it: "int32", "list<utf8>", "fixed_size_list<float32>[384]". */
export function typeLabel(type: DataType): string {
  const name = typeName(type);
  return type instanceof FixedSizeList ? `${name}[${type.listSize}]` : name;
}

/** apache-arrow's types print themselves ("Int32"), but their declarations do not say so. */
interface Printable {
  toString(): string;
}

function typeName(type: DataType): string {
  if (type instanceof List) return `list<${typeLabel(type.valueType as DataType)}>`;
  if (type instanceof FixedSizeList) return `fixed_size_list<${typeLabel(type.valueType as DataType)}>`;
  return (type as Printable).toString().toLowerCase();
}
