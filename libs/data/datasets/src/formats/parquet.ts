/**
 * Parquet files, a column of a row group at a time (hyparquet; every codec by hyparquet-compressors). Label
 * numbers become names where Hugging Face's `datasets` left its ClassLabel names in the file's metadata.
 * https://parquet.apache.org/docs/file-format · https://huggingface.co/docs/datasets (Features, ClassLabel)
 */
import { damaged, errorCode, InputError } from '@layerwise/errors';
import type { AsyncBuffer, DecodedArray, FileMetaData, ParquetScan, RowGroup, SchemaTree } from 'hyparquet';
import { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { cannotRead, decodeUtf8, kindOf } from './files.js';
import { isRecord } from './jsonl.js';
import { checkPages, chunkRange, type Limit } from './parquet-pages.js';
import type { RowReader } from './rows.js';
import { shown } from './rows.js';

/** Stands for a string whose bytes are not UTF-8 until its row is known. */
const NOT_UTF8 = Symbol('not UTF-8');

const parsers = {
  stringFromBytes(bytes: Uint8Array | undefined): string | symbol | undefined {
    if (bytes === undefined) return undefined;
    return decodeUtf8(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? NOT_UTF8;
  },
};

/** What a file may become whatever its size is: texts that are said again and again are a few bytes in it. */
const FREE_BYTES = 1e8;
/** Of a value in memory, beside its text. */
const BYTES_OF_VALUE = 8;

export async function readParquet(path: string, into: RowReader, expansion: number): Promise<number> {
  if (kindOf(path) !== 'file') throw new InputError(`Cannot read ${path}: it is not a file`);
  const file = await guarded(path, () => asyncBufferFromFile(path));
  const { metadata, columns } = await guarded(path, async () => {
    const metadata = await parquetMetadataAsync(file);
    return { metadata, columns: parquetSchema(metadata).children };
  });
  const names: unknown = columns.map((column) => column.element.name);
  if (!areStrings(names)) throw damaged(path, 'a column has no name');
  const selection = into.select(names);
  if (selection === null) return 0;

  for (const position of [...selection.texts, selection.label]) {
    if ((columns[position]?.children.length ?? 0) > 0)
      throw new InputError(
        `${path}: column ${shown(names[position] ?? '')} is a list or a group; choose a plain column`,
      );
  }
  const labelColumn = names[selection.label] ?? '';
  const labelNames = classLabelNames(metadata, labelColumn);
  if (labelNames !== null) into.declareClasses(labelNames);
  const scan = await guarded(path, () => openScan(file, metadata));
  const texts = new Array<string | null>(selection.texts.length).fill(null);
  const pages = limitOf(path, file.byteLength, expansion);
  const values = limitOf(path, file.byteLength, expansion);

  let rowEnd = 0;
  for (const group of metadata.row_groups) {
    const rowStart = rowEnd;
    rowEnd += Number(group.num_rows);
    const read = async (position: number): Promise<DecodedArray> => {
      values.add((rowEnd - rowStart) * BYTES_OF_VALUE);
      const data = await guarded(path, async () => {
        await checkChunk(file, group, columns[position], pages);
        return scan.readColumn({ column: names[position] ?? '', rowStart, rowEnd });
      });
      if (data.length !== rowEnd - rowStart)
        throw damaged(path, `column ${shown(names[position]!)} is not as long as its row group`);
      for (const value of data) if (typeof value === 'string') values.add(value.length);
      return data;
    };
    const textData: DecodedArray[] = [];
    for (const position of selection.texts) textData.push(await read(position));
    const labelData = await read(selection.label);

    rows: for (let i = 0; i < labelData.length; i++) {
      const row = rowStart + i;
      for (let t = 0; t < texts.length; t++) {
        const value: unknown = textData[t]?.[i] ?? null;
        if (value !== null && typeof value !== 'string') {
          const name = shown(names[selection.texts[t]!]!);
          into.reject(
            row + 1,
            value === NOT_UTF8 ? `is not valid UTF-8 in ${name}` : `has no text in ${name}`,
          );
          continue rows;
        }
        texts[t] = value;
      }
      const value: unknown = labelData[i] ?? null;
      const label = labelText(value, labelNames);
      if (label === undefined) {
        const found = value === NOT_UTF8 ? 'bytes that are not UTF-8' : shown(String(value));
        const wanted =
          labelNames === null
            ? 'neither a text nor a number'
            : `not one of the file's ${labelNames.length} class names`;
        into.reject(row + 1, `has ${found} as label, which is ${wanted}`);
        continue;
      }
      into.row(row + 1, row, texts, label);
    }
  }
  return rowEnd;
}

function openScan(file: AsyncBuffer, metadata: FileMetaData): Promise<ParquetScan> {
  return parquetScan({ file, metadata, compressors, parsers, geoparquet: false, useOffsetIndex: false });
}

/** Counts what a file becomes. `add` throws an `InputError` where that is out of proportion to its size. */
function limitOf(path: string, fileBytes: number, expansion: number): Limit {
  const most = Math.max(FREE_BYTES, expansion * fileBytes);
  let bytes = 0;
  return {
    add(more) {
      bytes += more;
      if (bytes > most)
        throw new InputError(
          `${path} has ${inUnits(fileBytes)} and would become more than ${inUnits(most)}, ${Math.floor(most / fileBytes)} times its size; write it anew, or raise --expansion if it is meant to`,
        );
    },
  };
}

function inUnits(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.ceil(bytes / 1e6)} MB`;
}

/** The column of one row group, looked at before it is decoded. */
async function checkChunk(
  file: AsyncBuffer,
  group: RowGroup,
  column: SchemaTree | undefined,
  pages: Limit,
): Promise<void> {
  const name = column?.element.name;
  const meta = group.columns.find((chunk) => chunk.meta_data?.path_in_schema[0] === name)?.meta_data;
  if (column === undefined || meta === undefined) throw new Error('a column is missing');
  const bytes = new Uint8Array(await file.slice(...chunkRange(meta, file.byteLength)));
  checkPages(bytes, meta, column, Number(group.num_rows), pages);
}

/**
 * A label as text; null where it is missing (null, NaN, infinite; Hugging Face's -1); undefined where it is
 * wrong.
 */
function labelText(value: unknown, names: readonly string[] | null): string | null | undefined {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return null;
  if (
    typeof value !== 'string' &&
    typeof value !== 'number' &&
    typeof value !== 'bigint' &&
    typeof value !== 'boolean'
  )
    return undefined;
  if (names === null || typeof value === 'string') return String(value);
  const code = Number(value);
  return code === -1 ? null : names[code];
}

/** The names of a ClassLabel column in the metadata that Hugging Face's `datasets` writes, or null. */
function classLabelNames(metadata: FileMetaData, column: string): readonly string[] | null {
  const entry = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface');
  let found: unknown;
  try {
    found = JSON.parse(entry?.value ?? 'null');
  } catch {
    return null; // not the metadata of `datasets`
  }
  for (const key of ['info', 'features', column, 'names']) found = isRecord(found) ? found[key] : null;
  return areStrings(found) ? found : null;
}

function areStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** hyparquet throws plain errors of many kinds at a file that is not Parquet or damaged. */
async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (errorCode(error) !== undefined) throw cannotRead(path, error);
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new InputError(`${path} is not a Parquet file or is damaged (${why}); fetch or write it again`);
  }
}
