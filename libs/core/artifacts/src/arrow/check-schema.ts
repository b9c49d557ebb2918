/**
 * A decoded Arrow schema, checked for what the format demands and flatbuffers leave open: names, children,
 * sizes. Used by `arrow-file.ts` before anything goes by the schema.
 */
import { DataType, type Field, type Schema } from 'apache-arrow';
import { typeOf } from './arrow-schema.js';

/** Throws an Error that names the first flaw. */
export function checkSchema(schema: Schema): void {
  checkMetadata(schema.metadata);
  schema.fields.forEach(checkField);
}

function checkField(field: Field): void {
  // The declared types promise strings; a flatbuffer may lack them.
  if (typeof (field.name as unknown) !== 'string') throw new Error('a column has no name');
  checkMetadata(field.metadata);
  checkType(typeOf(field), field.name);
}

function checkMetadata(metadata: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of metadata) {
    if (typeof value !== 'string') throw new Error(`the metadata ${key} have no value`);
  }
}

/** Decimals have at most 76 digits (256 bits). */
const mostDigits = 76;

function checkType(type: DataType, column: string): void {
  if (DataType.isDictionary(type)) {
    checkType(type.dictionary as DataType, column);
    return;
  }
  if (DataType.isDecimal(type) && (type.precision > mostDigits || Math.abs(type.scale) > mostDigits)) {
    throw new Error(`column ${column} is a decimal of too many digits`);
  }
  // Types without children have none, or none that anybody reads.
  const { children } = type as { readonly children?: readonly (Field | undefined)[] | null };
  const present = (children ?? []).filter((child) => child !== undefined);
  const isList =
    DataType.isList(type) ||
    DataType.isLargeList(type) ||
    DataType.isFixedSizeList(type) ||
    DataType.isMap(type);
  if (isList && present.length !== 1) {
    throw new Error(`column ${column} is a list of ${present.length} types of items`);
  }
  present.forEach(checkField);
  if (DataType.isStruct(type) && new Set(present.map(({ name }) => name)).size < present.length) {
    throw new Error(`column ${column} is a struct with two fields of one name`);
  }
  if (DataType.isMap(type)) {
    const [entries] = present;
    if (
      entries === undefined ||
      !DataType.isStruct(typeOf(entries)) ||
      typeOf(entries).children.length !== 2
    ) {
      throw new Error(`column ${column} is a map without keys and values`);
    }
  }
}
