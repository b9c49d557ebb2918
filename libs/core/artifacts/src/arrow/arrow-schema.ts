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

/** The Arrow type of a column; `size` is the length of a fixed-size list and ignored otherwise. */
export function arrowType(type: ColumnType, size: number): DataType {
  switch (type) {
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'uint8':
      return new Uint8();
    case 'float32':
      return new Float32();
    case 'float64':
      return new Float64();
    case 'bool':
      return new Bool();
    case 'utf8':
      return new Utf8();
    case 'list<int32>':
      return new List(item(new Int32()));
    case 'list<float32>':
      return new List(item(new Float32()));
    case 'list<float64>':
      return new List(item(new Float64()));
    case 'list<utf8>':
      return new List(item(new Utf8()));
    case 'fixed_size_list<float32>':
      return new FixedSizeList(size, item(new Float32()));
  }
}

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
  return new Field(column.name, arrowType(column.type, size), column.nullable === true, metadata);
}

/** The type of a field; apache-arrow declares it as any. */
export function typeOf(field: Field): DataType {
  return field.type as DataType;
}

/** The declared type of an Arrow type, undefined where there is none; an item's name and nullability vary. */
export function columnTypeOf(type: DataType): ColumnType | undefined {
  return declaredTypes.get(typeName(type));
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

const declaredTypes: ReadonlyMap<string, ColumnType> = new Map(
  (
    [
      'int32',
      'int64',
      'uint8',
      'float32',
      'float64',
      'bool',
      'utf8',
      'list<int32>',
      'list<float32>',
      'list<float64>',
      'list<utf8>',
      'fixed_size_list<float32>',
    ] as const satisfies readonly ColumnType[]
  ).map((type) => [type, type]),
);
