/**
 * The columns handed to `writeTable`, checked against their declarations and brought to the one form that
 * `encode-batch.ts` knows. A contradiction is a programmer's mistake, hence an Error, thrown before a byte is
 * written.
 */
import type { EncodableColumn } from './encode-batch.js';
import { arrayOf, isNumberType, type ColumnDeclaration, type DenseData, type ListColumn } from './schema.js';
import type { NumberArray, NumberType, TableSchema } from './schema.js';

/** A column with its number of rows. */
export interface PreparedColumn extends EncodableColumn {
  readonly rows: number;
}

/** Throws an Error that names table and column where the data do not fit the declaration. */
export function prepareColumns(
  schema: TableSchema,
  columns: Readonly<Record<string, unknown>>,
): { readonly columns: readonly PreparedColumn[]; readonly rows: number } {
  const prepared = schema.columns.map((declaration) => {
    const fail = (problem: string): never => {
      throw new Error(`table ${schema.name}, column ${declaration.name} (${declaration.type}): ${problem}`);
    };
    return prepareColumn(declaration, columns[declaration.name], fail);
  });
  const declared = new Set(schema.columns.map((column) => column.name));
  const extra = Object.keys(columns).find((name) => !declared.has(name));
  if (extra !== undefined) throw new Error(`table ${schema.name} has no column ${extra}`);
  const rows = prepared[0]?.rows ?? 0;
  prepared.forEach((column, i) => {
    if (column.rows !== rows) {
      throw new Error(
        `table ${schema.name}: column ${schema.columns[i]?.name ?? ''} has ${column.rows} rows, ` +
          `${schema.columns[0]?.name ?? ''} has ${rows}`,
      );
    }
  });
  return { columns: prepared, rows };
}

type Fail = (problem: string) => never;

function prepareColumn(declaration: ColumnDeclaration, data: unknown, fail: Fail): PreparedColumn {
  const { type, nullable } = declaration;
  if (data === undefined) return fail('it is missing');
  if (type === 'utf8') return { ...plain, type, ...texts(data, nullable === true, fail) };
  if (type === 'fixed_size_list<float32>') {
    const { size, values } = data as DenseData['fixed_size_list<float32>'];
    if (!(values instanceof Float32Array)) return fail('values must be a Float32Array');
    if (!Number.isInteger(size) || size < 1) return fail('size must be a whole number of at least 1');
    if (values.length % size !== 0) return fail(`${values.length} values are no multiple of ${size}`);
    return { ...plain, type, numbers: values, stride: size, rows: values.length / size };
  }
  if (isNumberType(type)) {
    if (nullable === true) return { ...plain, type, ...nullableNumbers(type, data, fail) };
    return { ...plain, type, ...numbers(type, data, fail) };
  }
  const { offsets, values } = data as ListColumn<unknown>;
  const itemType = type.slice('list<'.length, -1);
  const child = isNumberType(itemType) ? numbers(itemType, values, fail) : texts(values, false, fail);
  checkOffsets(offsets, child.rows, fail);
  return { ...plain, ...child, type, offsets, rows: offsets.length - 1 };
}

/** What a column without nulls, lists and texts has in the fields that it does not use. */
const plain = { valid: null, numbers: null, texts: null, textBytes: null, offsets: null, stride: 1 } as const;

function numbers(type: NumberType, data: unknown, fail: Fail): { numbers: NumberArray; rows: number } {
  const constructor = arrayOf[type];
  if (!(data instanceof constructor)) return fail(`it needs a ${constructor.name}`);
  return { numbers: data, rows: data.length };
}

function nullableNumbers(
  type: NumberType,
  data: unknown,
  fail: Fail,
): { numbers: NumberArray; valid: Uint8Array; rows: number } {
  if (!Array.isArray(data)) return fail('a nullable column needs an array of values and nulls');
  const items: readonly unknown[] = data;
  const valid = Uint8Array.from(items, (item) => (item === null ? 0 : 1));
  const expected = type === 'int64' ? 'bigint' : type === 'bool' ? 'boolean' : 'number';
  const wrong = items.findIndex((item) => item !== null && typeof item !== expected);
  if (wrong >= 0) return fail(`row ${wrong} is neither a ${expected} nor null`);
  const values =
    type === 'int64'
      ? BigInt64Array.from(items, (item) => (typeof item === 'bigint' ? item : 0n))
      : new arrayOf[type](items.map((item) => Number(item)));
  const narrowed = type === 'int32' || type === 'uint8' || type === 'int64';
  const changed = narrowed ? items.findIndex((item, i) => item !== null && item !== values[i]) : -1;
  if (changed >= 0) return fail(`row ${changed}, ${String(items[changed])}, is out of range`);
  return { numbers: values, valid, rows: items.length };
}

function texts(
  data: unknown,
  nullable: boolean,
  fail: Fail,
): { texts: readonly (string | null)[]; textBytes: Int32Array; valid: Uint8Array | null; rows: number } {
  if (!Array.isArray(data)) return fail('it needs an array of strings');
  const items: readonly unknown[] = data;
  const textBytes = new Int32Array(items.length);
  const valid = nullable ? new Uint8Array(items.length) : null;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item === 'string') {
      textBytes[i] = Buffer.byteLength(item, 'utf8');
      if (valid !== null) valid[i] = 1;
    } else if (item !== null || !nullable) {
      return fail(`row ${i} is not a string${nullable ? ' or null' : ''}`);
    }
  }
  return { texts: items as readonly (string | null)[], textBytes, valid, rows: items.length };
}

function checkOffsets(offsets: unknown, items: number, fail: Fail): asserts offsets is Int32Array {
  if (!(offsets instanceof Int32Array) || offsets.length < 1)
    fail('offsets must be an Int32Array of rows + 1');
  const checked = offsets;
  let previous = 0;
  for (let i = 0; i < checked.length; i++) {
    const offset = checked[i]!;
    if (i === 0 ? offset !== 0 : offset < previous) fail(`offset ${i} is ${offset}: they ascend from 0`);
    previous = offset;
  }
  if (previous !== items) fail(`the offsets end at ${previous}, but there are ${items} values`);
}
