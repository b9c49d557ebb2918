/**
 * A look at a column's pages before hyparquet decodes them. Its decoder believes the lengths of runs: a
 * damaged one can keep it busy, and fill the memory, for hours. Here pages must lie within their chunk, hold
 * no more rows than their row group, have runs of no more values than they hold, and blocks of differences
 * that lead forward. What pages become when they are unpacked is counted before they are.
 *
 * https://parquet.apache.org/docs/file-format/data-pages and …/data-pages/encodings (RLE / bit-packing
 * hybrid)
 */
import type { RowGroup, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { compressors } from 'hyparquet-compressors';

type ColumnMetaData = NonNullable<RowGroup['columns'][number]['meta_data']>;

/** Runs are padded to groups of eight; some writers pad a little more. */
const PADDING = 512;
const LARGEST_PAGE = 2 ** 30;

/** Where a column chunk lies in the file, in bytes. Throws where it cannot be there. */
export function chunkRange(meta: ColumnMetaData, fileSize: number): readonly [start: number, end: number] {
  const start = Number(meta.dictionary_page_offset ?? 0n) || Number(meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  if (!(start >= 0 && start <= end && end <= fileSize)) throw new Error('a column lies outside of the file');
  return [start, end];
}

/** Of the bytes that something becomes; `add` throws where they are too many. */
export interface Limit {
  readonly add: (bytes: number) => void;
}

/**
 * Throws an `Error` where the pages of one column chunk contradict themselves, or become more than `unpacked`
 * allows. `rows`: of the row group.
 */
export function checkPages(
  bytes: Uint8Array,
  meta: ColumnMetaData,
  column: SchemaTree,
  rows: number,
  unpacked: Limit,
): void {
  const { repetition_type: repetition } = column.element;
  // Levels of repetition would come before those of definition, with runs of their own.
  if (repetition === 'REPEATED') throw new Error('a column holds lists');
  const optional = repetition !== 'REQUIRED';
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let seen = 0;
  while (seen < rows) {
    if (reader.offset >= bytes.length - 1) throw new Error('a column ends before its row group');
    const header = parquetHeader(reader);
    const { type, compressed_page_size: size, uncompressed_page_size: fullSize } = header;
    const end = reader.offset + size;
    if (!(size >= 0 && end <= bytes.length && fullSize >= 0 && fullSize <= LARGEST_PAGE))
      throw new Error('a page has an impossible size');
    const raw = bytes.subarray(reader.offset, end);
    reader.offset = end;
    unpacked.add(fullSize);
    if (type === 'DICTIONARY_PAGE') continue;
    const [first, second] = [header.data_page_header, header.data_page_header_v2];
    const data = type === 'DATA_PAGE' ? first : second;
    if (data === undefined) throw new Error('a page has no header of its kind');
    const values = data.num_values;
    if (!(values >= 0 && values <= rows - seen)) throw new Error('a page has more rows than its row group');
    seen += values;

    // Definition levels (0: null, 1: a value) come first; in version 2 they are never compressed.
    let at = 0;
    let page: Uint8Array;
    if (type === 'DATA_PAGE' || second === undefined) {
      page = decompressPage(raw, fullSize, meta.codec, compressors);
      if (optional) {
        checkRuns(page, 4, 1, values);
        at = 4 + new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
      }
    } else {
      const levels = second.definition_levels_byte_length + second.repetition_levels_byte_length;
      if (!(levels >= 0 && levels <= raw.length))
        throw new Error('the levels of a page are longer than the page');
      if (optional) checkRuns(raw, second.repetition_levels_byte_length, 1, values);
      page = raw.subarray(levels);
      if (second.is_compressed !== false)
        page = decompressPage(page, fullSize - levels, meta.codec, compressors);
    }
    checkValues(page, at, data.encoding, meta.type === 'BOOLEAN', values, unpacked);
  }
}

type Encoding = NonNullable<ReturnType<typeof parquetHeader>['data_page_header']>['encoding'];

/** The values of a page from `at`, as hyparquet goes about them. */
function checkValues(
  page: Uint8Array,
  at: number,
  encoding: Encoding,
  isBoolean: boolean,
  values: number,
  unpacked: Limit,
): void {
  switch (encoding) {
    case 'RLE':
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      const width = isBoolean ? 1 : page[at]!;
      if (width > 32) throw new Error('a page has numbers of more than 32 bits');
      // Truth values have the bytes of their runs before them, other values their width.
      if (width > 0) checkRuns(page, at + (isBoolean ? 4 : 1), width, values);
      return;
    }
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      checkDifferences(page, at, values);
      return;
    case 'DELTA_BYTE_ARRAY': // lengths of what is shared with the text before, then of the rest
      checkDifferences(page, checkDifferences(page, at, values), values);
      unpacked.add(sharedBytes(page, at, values));
      return;
    default:
  }
}

/** Runs of `width` bits from `at`, until there are `values`. */
function checkRuns(page: Uint8Array, at: number, width: number, values: number): void {
  const reader = { page, at };
  let seen = 0;
  while (seen < values && reader.at < page.length) {
    const header = readVarint(reader);
    const packed = header % 2 === 1;
    const count = packed ? ((header - 1) / 2) * 8 : header / 2;
    if (count > values - seen + PADDING) throw new Error('a run is longer than its page');
    reader.at += packed ? (count * width) / 8 : Math.ceil(width / 8);
    seen += count;
  }
}

/** Differences of numbers (DELTA_BINARY_PACKED) from `at`. @returns where they end */
function checkDifferences(page: Uint8Array, at: number, values: number): number {
  const reader = { page, at };
  const [blockSize, blocks] = [readVarint(reader), readVarint(reader)];
  const each = blockSize / blocks;
  if (!(Number.isInteger(each) && each > 0 && blocks <= page.length))
    throw new Error('a page has differences in blocks of an impossible size');
  const count = Math.min(values, readVarint(reader)); // nulls have none
  readVarint(reader); // the first
  for (let seen = 1; seen < count;) {
    readVarint(reader); // the least difference
    const widths = reader.at;
    reader.at += blocks;
    for (let block = 0; block < blocks && seen < count; block++, seen += each) {
      const width = page[widths + block]!;
      if (width > 64) throw new Error('a page has differences of more than 64 bits');
      reader.at += (each * width) / 8;
    }
    if (reader.at > page.length) throw new Error('a page ends within its differences');
  }
  return reader.at;
}

/** The bytes that texts share with the one before each (DELTA_BYTE_ARRAY): they are copied for every text. */
function sharedBytes(page: Uint8Array, at: number, values: number): number {
  const header = { page, at };
  readVarint(header);
  readVarint(header);
  const lengths = new Int32Array(Math.min(values, readVarint(header)));
  const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: at };
  if (lengths.length > 0) deltaBinaryUnpack(reader, lengths.length, lengths);
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** A whole number in groups of seven bits, lowest first: of 64 bits at most. */
function readVarint(reader: { readonly page: Uint8Array; at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.page[reader.at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new Error('a page has a number of more than ten bytes');
}
