/**
 * What a table is: the declaration that its writer and its readers share, and the TypeScript types that
 * follow from it. The file form of a declaration is in `arrow-schema.ts`.
 */

/** A column declaration. `nullable` is for scalars only: a list column has a list in every row. */
export interface ColumnDeclaration {
  readonly name: string;
  readonly type: ColumnType;
  /** Unit of the values ("s", "tokens", "1/step"); left out where there is none. */
  readonly unit?: string;
  readonly nullable?: boolean;
  readonly description: string;
}

/** Rows of different lengths, end to end: row i is `values` from `offsets[i]` to `offsets[i + 1]`. */
export interface ListColumn<Values> {
  /** [rows + 1], ascending from 0. */
  readonly offsets: Int32Array;
  readonly values: Values;
}

/** Rows of one length, end to end. */
export interface FixedSizeListColumn {
  /** Numbers in a row. */
  readonly size: number;
  /** [rows × size] */
  readonly values: Float32Array;
}

/** What a column without nulls is written from and read as. `bool` is one byte a row, 0 or 1. */
export interface DenseData {
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly bool: Uint8Array;
  readonly utf8: readonly string[];
  readonly 'list<int32>': ListColumn<Int32Array>;
  readonly 'list<float32>': ListColumn<Float32Array>;
  readonly 'list<float64>': ListColumn<Float64Array>;
  readonly 'list<utf8>': ListColumn<readonly string[]>;
  readonly 'fixed_size_list<float32>': FixedSizeListColumn;
}

/** The arrays of columns of numbers and, as bytes 0 and 1, of truth values. */
export const arrayOf = {
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const;

export type NumberType = keyof typeof arrayOf;
export type NumberArray = DenseData[NumberType];

export function isNumberType(type: string): type is NumberType {
  return Object.hasOwn(arrayOf, type);
}

/** What a nullable column is written from and read as: for short tables and texts, not for hot loops. */
export interface NullableData {
  readonly int32: readonly (number | null)[];
  readonly int64: readonly (bigint | null)[];
  readonly uint8: readonly (number | null)[];
  readonly float32: readonly (number | null)[];
  readonly float64: readonly (number | null)[];
  readonly bool: readonly (boolean | null)[];
  readonly utf8: readonly (string | null)[];
}

export type ColumnType = keyof DenseData;

/** The data of one declared column. */
export type DataOf<C extends ColumnDeclaration> = C extends { readonly nullable: true }
  ? NullableData[C['type'] & keyof NullableData]
  : DenseData[C['type']];

/** The data of all declared columns, by name: what `writeTable` takes. */
export type ColumnsOf<C extends readonly ColumnDeclaration[]> = {
  readonly [Column in C[number] as Column['name']]: DataOf<Column>;
};

/** Free text beside the columns; the declared keys are required. */
export type Metadata<K extends string> = Readonly<Record<string, string>> & Readonly<Record<K, string>>;

export interface TableSchema<
  C extends readonly ColumnDeclaration[] = readonly ColumnDeclaration[],
  K extends string = string,
> {
  /** Kebab-case; with `version` it says what a file holds. */
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly columns: C;
  /** Keys that a file's metadata must have. */
  readonly metadataKeys: readonly K[];
}

/** A column that has a value in every row. */
export function column<const Name extends string, const Type extends ColumnType>(
  name: Name,
  type: Type,
  description: string,
  unit?: string,
) {
  return { name, type, description, ...(unit !== undefined && { unit }) };
}

/** A column of scalars some of which may be null. */
export function nullableColumn<const Name extends string, const Type extends keyof NullableData>(
  ...declaration: [name: Name, type: Type, description: string, unit?: string]
) {
  return { ...column(...declaration), nullable: true as const };
}

/** Keys that begin so belong to the file form. */
export const reservedPrefix = 'layerwise.';

/**
 * Declares a table. Raise `version` when the meaning or the columns change: readers refuse other versions.
 * Throws an Error when the declaration contradicts itself (a programmer's mistake).
 */
export function defineTable<
  const C extends readonly ColumnDeclaration[],
  const K extends string = never,
>(declaration: {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly columns: C;
  readonly metadataKeys?: readonly K[];
}): TableSchema<C, K> {
  const { name, version, columns } = declaration;
  if (!Number.isInteger(version) || version < 1)
    throw new Error(`table ${name}: the version must be 1 or more`);
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column.name)) throw new Error(`table ${name}: two columns are called ${column.name}`);
    seen.add(column.name);
    if (column.nullable === true && !isScalar(column.type)) {
      throw new Error(`table ${name}: the list column ${column.name} cannot be nullable`);
    }
  }
  for (const key of declaration.metadataKeys ?? []) {
    if (key.startsWith(reservedPrefix)) throw new Error(`table ${name}: the metadata key ${key} is reserved`);
  }
  return { ...declaration, metadataKeys: declaration.metadataKeys ?? [] };
}

/** True for the types that may be nullable. */
export function isScalar(type: ColumnType): type is keyof NullableData {
  return !type.includes('<');
}
