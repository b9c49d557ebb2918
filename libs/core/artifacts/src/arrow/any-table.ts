/**
 * The beginning of any Arrow IPC file, of ours or anybody's, without a declared schema: what `show.ts`
 * prints. Only the record batches that hold the wanted rows are read.
 */
import { DataType, type Field } from 'apache-arrow';
import { damaged } from '@layerwise/errors';
import { decoded, withArrowFile } from './arrow-file.js';
import { metadataKey, typeLabel, typeOf } from './arrow-schema.js';
import { reservedPrefix } from './schema.js';

export interface AnyColumn {
  readonly name: string;
  /** As Arrow calls it: "int32", "list<utf8>", "timestamp<millisecond>" … */
  readonly type: string;
  readonly unit?: string;
  readonly nullable: boolean;
  readonly description?: string;
}

export interface AnyTable {
  /** The declared schema, or null for a file that layerwise did not write. */
  readonly schema: { readonly name: string; readonly version: number; readonly description: string } | null;
  readonly rows: number;
  readonly batches: number;
  /** Without the keys of the declared schema. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly columns: readonly AnyColumn[];
  /**
   * The first rows, each with a value a column, as apache-arrow gives them: lists are vectors that are
   * decoded when read. Times are Dates, decimals strings.
   */
  readonly head: readonly (readonly unknown[])[];
}

/** Reads description and first `limit` rows. InputError where `file` is not a whole Arrow IPC file. */
export async function readAnyTable(file: string, limit: number): Promise<AnyTable> {
  return withArrowFile(file, async ({ schema, batchRows, readBatch }) => {
    const rows = batchRows.reduce((sum, count) => sum + count, 0);
    const declaredRows = schema.metadata.get(metadataKey.rows);
    if (declaredRows !== undefined && declaredRows !== String(rows)) {
      throw damaged(file, `its batches hold ${rows} rows, its metadata says ${declaredRows}`);
    }
    const types = schema.fields.map(typeOf);
    const head: unknown[][] = [];
    for (let i = 0; i < batchRows.length && head.length < limit; i++) {
      const batch = await readBatch(i);
      const vectors = schema.fields.map((_, column) => batch.getChildAt(column));
      for (let row = 0; row < batch.numRows && head.length < limit; row++) {
        const what = `row ${row} of record batch ${i}`;
        head.push(
          decoded(file, what, () =>
            vectors.map((vector, column) => plainValue(types[column], vector?.get(row))),
          ),
        );
      }
    }
    const name = schema.metadata.get(metadataKey.name);
    return {
      schema:
        name === undefined
          ? null
          : {
              name,
              version: Number(schema.metadata.get(metadataKey.version)),
              description: schema.metadata.get(metadataKey.description) ?? '',
            },
      rows,
      batches: batchRows.length,
      metadata: Object.fromEntries([...schema.metadata].filter(([key]) => !key.startsWith(reservedPrefix))),
      columns: schema.fields.map(describe),
      head,
    };
  });
}

function describe(field: Field): AnyColumn {
  const unit = field.metadata.get('unit');
  const description = field.metadata.get('description');
  return {
    name: field.name,
    type: typeLabel(typeOf(field)),
    ...(unit !== undefined && { unit }),
    nullable: field.nullable,
    ...(description !== undefined && { description }),
  };
}

/** Numbers that stand for something else, as that. Nested values stay as they are. */
function plainValue(type: DataType | undefined, value: unknown): unknown {
  if (type === undefined || value === null || value === undefined) return null;
  if (DataType.isDictionary(type)) return plainValue(type.dictionary as DataType, value);
  if ((DataType.isTimestamp(type) || DataType.isDate(type)) && typeof value === 'number')
    return new Date(value);
  if (DataType.isDecimal(type) && value instanceof Uint32Array) return decimal(value, type.scale);
  return value;
}

/** 32-bit words of a two's complement number, lowest first, with `scale` digits after the point. */
function decimal(words: Uint32Array, scale: number): string {
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const whole = BigInt.asIntN(32 * words.length, unsigned);
  if (scale <= 0) return String(whole * 10n ** BigInt(-scale));
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
