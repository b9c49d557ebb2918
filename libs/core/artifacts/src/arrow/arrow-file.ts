/**
 * An Arrow IPC file opened for reading, ours or anybody's: schema and sizes first, then one record batch at a
 * time by position, so that the size of the file does not matter (whole-file readers return undefined beyond
 * 2 GB: https://github.com/apache/arrow-js/issues/87). Used by `read-table.ts` and `show.ts`.
 *
 * Nothing in a file is trusted: flatbuffers are verified (`verify-flatbuffer.ts`) before apache-arrow decodes
 * them, and buffers are measured (`check-batch.ts`) before it makes arrays of them. Every flaw is an
 * InputError that names the file.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { makeData, Message, MetadataVersion, RecordBatch, Struct, Vector } from 'apache-arrow';
import type { Data, DataType, Schema } from 'apache-arrow';
import { Footer, type FileBlock } from 'apache-arrow/ipc/metadata/file';
import type { RecordBatch as BatchHeader } from 'apache-arrow/ipc/metadata/message';
import { VectorLoader } from 'apache-arrow/visitor/vectorloader';
import { damaged, InputError, checkRegular } from '@layerwise/errors';
import { typeOf } from './arrow-schema.js';
import { checkBatch } from './check-batch.js';
import { checkSchema } from './check-schema.js';
import { explained } from '../files/io-error.js';
import { verifyFooter, verifyMessage } from './verify-flatbuffer.js';

export interface ArrowFile {
  readonly schema: Schema;
  /** Rows of each record batch. */
  readonly batchRows: readonly number[];
  /** Reads one record batch; its numeric columns are views of the bytes read. */
  readonly readBatch: (index: number) => Promise<RecordBatch>;
}

/** Opens `file`, hands it to `use`, closes it. InputError where it is no whole Arrow IPC file. */
export async function withArrowFile<T>(file: string, use: (arrow: ArrowFile) => Promise<T>): Promise<T> {
  checkRegular(file, Infinity);
  return explained('read', file, async () => {
    const handle = await open(file, 'r');
    try {
      return await use(await openArrow(file, handle));
    } finally {
      await handle.close();
    }
  });
}

const magic = 'ARROW1';

/** Reads footer and message headers, but no column data. */
async function openArrow(file: string, handle: FileHandle): Promise<ArrowFile> {
  const size = (await handle.stat()).size;
  await checkMagic(file, handle, size);
  const tail = await readAt(file, handle, size - 10, 4);
  const footerBytes = tail.readInt32LE(0);
  if (footerBytes <= 0 || footerBytes > size - 18) {
    throw damaged(file, `its footer cannot be ${footerBytes} bytes long`);
  }
  const footerBuffer = await readAt(file, handle, size - 10 - footerBytes, footerBytes);
  const { schema, dictionaryBlocks, batchBlocks } = decoded(file, 'its footer', () => {
    verifyFooter(footerBuffer);
    const footer = Footer.decode(footerBuffer);
    checkSchema(footer.schema);
    return {
      schema: footer.schema,
      dictionaryBlocks: [...footer.dictionaryBatches()],
      batchBlocks: [...footer.recordBatches()],
    };
  });
  const bodyEnd = size - 10 - footerBytes;
  const opened = (blocks: readonly FileBlock[]): Promise<readonly Block[]> =>
    Promise.all(blocks.map((block) => openBlock(file, handle, block, bodyEnd)));
  const dictionaries = await loadDictionaries(file, handle, schema, await opened(dictionaryBlocks));
  const batches = await opened(batchBlocks);
  const headers = batches.map(({ message }, i) =>
    decoded(file, `record batch ${i}`, () => {
      if (!message.isRecordBatch()) throw new Error('its message is of another kind');
      return message.header();
    }),
  );
  return {
    schema,
    batchRows: headers.map((header) => header.length),
    readBatch: async (index) => {
      const block = batches[index];
      const header = headers[index];
      if (block === undefined || header === undefined) throw new RangeError(`no record batch ${index}`);
      const body = await readAt(file, handle, block.bodyAt, block.bodyBytes);
      return decoded(file, `record batch ${index}`, () => {
        const children = load(file, schema, header, body, schema.fields.map(typeOf), dictionaries);
        const type = new Struct(schema.fields);
        return new RecordBatch(schema, makeData({ type, length: header.length, nullCount: 0, children }));
      });
    },
  };
}

/** A message whose header is read and whose place in the file is checked. */
interface Block {
  readonly message: Message;
  readonly bodyAt: number;
  readonly bodyBytes: number;
}

async function openBlock(file: string, handle: FileHandle, block: FileBlock, end: number): Promise<Block> {
  const { offset, metaDataLength, bodyLength } = block;
  const bodyAt = offset + metaDataLength;
  if (offset < 8 || metaDataLength < 8 || bodyLength < 0 || bodyAt + bodyLength > end) {
    throw damaged(file, `a block at byte ${offset} lies outside of it`);
  }
  const bytes = await readAt(file, handle, offset, metaDataLength);
  return decoded(file, `the message at byte ${offset}`, () => {
    // Before Arrow 0.15 the continuation marker was missing.
    const prefix = bytes.readInt32LE(0) === -1 ? 8 : 4;
    const length = bytes.readInt32LE(prefix - 4);
    if (length <= 0 || length > metaDataLength - prefix)
      throw new Error(`its header cannot be ${length} bytes long`);
    const flatbuffer = bytes.subarray(prefix, prefix + length);
    verifyMessage(flatbuffer);
    const message = Message.decode(flatbuffer);
    if (message.bodyLength !== bodyLength) throw new Error('its length is not the one in the footer');
    return { message, bodyAt, bodyBytes: bodyLength };
  });
}

type Dictionaries = Map<number, Vector>;

async function loadDictionaries(
  file: string,
  handle: FileHandle,
  schema: Schema,
  blocks: readonly Block[],
): Promise<Dictionaries> {
  const dictionaries: Dictionaries = new Map();
  for (const { message, bodyAt, bodyBytes } of blocks) {
    const body = await readAt(file, handle, bodyAt, bodyBytes);
    decoded(file, 'a dictionary', () => {
      if (!message.isDictionaryBatch()) throw new Error('its message is of another kind');
      const { id, data, isDelta } = message.header();
      const type = schema.dictionaries.get(id);
      if (type === undefined) throw new Error(`the schema has no dictionary ${id}`);
      const values = new Vector(load(file, schema, data, body, [type], dictionaries));
      const earlier = dictionaries.get(id);
      dictionaries.set(id, isDelta && earlier !== undefined ? earlier.concat(values) : values);
    });
  }
  return dictionaries;
}

/** The columns of a batch, or the values of a dictionary, as views of `body`. */
function load(
  file: string,
  schema: Schema,
  header: BatchHeader,
  body: Uint8Array,
  types: DataType[],
  dictionaries: Dictionaries,
): Data[] {
  if (header.compression !== null) {
    throw new InputError(
      `${file} has compressed record batches, which layerwise does not read; write it without compression`,
    );
  }
  checkBatch(header, types, body, schema.metadataVersion !== MetadataVersion.V5);
  const loader = new VectorLoader(
    body,
    header.nodes,
    header.buffers,
    dictionaries,
    schema.metadataVersion,
    header.variadicBufferCounts,
  );
  return loader.visitMany<DataType>(types);
}

async function checkMagic(file: string, handle: FileHandle, size: number): Promise<void> {
  const isMagic = async (at: number): Promise<boolean> =>
    (await readAt(file, handle, at, magic.length)).toString('latin1') === magic;
  if (size >= 8 && (await readAt(file, handle, 0, 4)).readInt32LE(0) === -1) {
    throw new InputError(
      `${file} is an Arrow IPC stream, not an Arrow IPC file; write it in the file format`,
    );
  }
  if (size < 8 || !(await isMagic(0))) {
    throw new InputError(`${file} is not an Arrow IPC file: it does not begin with ${magic}`);
  }
  if (size < 26 || !(await isMagic(size - magic.length))) {
    throw new InputError(
      `${file} is cut off: an Arrow IPC file ends with ${magic}, this one (${size} bytes) does not`,
    );
  }
}

/** Runs a decoding step that depends on the file's bytes alone: whatever it throws, the file is to blame. */
export function decoded<T>(file: string, what: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(file, `${what} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** One read may take at most 2^31 - 1 bytes; stay well below. */
const chunkBytes = 1 << 28;

/** Exactly `length` bytes from `position`, in memory of their own (so views of any width are aligned). */
async function readAt(file: string, handle: FileHandle, position: number, length: number): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(new ArrayBuffer(length));
  } catch {
    throw new InputError(`${file} has a part of ${length} bytes, more than this process can hold`);
  }
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(
      bytes,
      done,
      Math.min(chunkBytes, length - done),
      position + done,
    );
    if (bytesRead === 0) throw damaged(file, `it ends at byte ${position + done}`);
    done += bytesRead;
  }
  return bytes;
}
