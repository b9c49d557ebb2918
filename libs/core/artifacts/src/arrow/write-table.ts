/**
 * Columns → one Arrow IPC file (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format), written
 * atomically, with the declared schema in its metadata. Its way back is `read-table.ts`.
 *
 * Large tables become several record batches: no batch body exceeds `batchBytes`, so 32-bit text offsets
 * never overflow and readers never meet a buffer that they cannot hold. apache-arrow makes the flatbuffers;
 * the bytes go straight to the file. Why its own writer does not write them: docs/decisions/0033.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Message, MetadataVersion, type Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { arrowSchema } from './arrow-schema.js';
import { writeAtomically, writeFully } from '../files/atomic.js';
import { encodeBatch } from './encode-batch.js';
import type { OutputDigest } from '../stages/manifest.js';
import { planBatches } from './plan-batches.js';
import { prepareColumns, type PreparedColumn } from './prepare-columns.js';
import {
  reservedPrefix,
  type ColumnDeclaration,
  type ColumnsOf,
  type Metadata,
  type TableSchema,
} from './schema.js';

/** What `writeTable` wrote: an entry of a manifest's `outputs`, and the number of rows. */
export interface WrittenTable extends OutputDigest {
  readonly rows: number;
}

export interface WriteOptions {
  /** Most bytes of a record batch's body; a single larger row gets a batch of its own. Default 256 MiB. */
  readonly batchBytes?: number;
}

const defaultBatchBytes = 256 * 2 ** 20;

/** Metadata may be left out only where the schema requires none. */
export type MetadataArguments<K extends string> = [K] extends [never]
  ? [metadata?: Readonly<Record<string, string>>, options?: WriteOptions]
  : [metadata: Metadata<K>, options?: WriteOptions];

/**
 * Writes `columns` (all of one length) as `file`; a file that is there is replaced once the new one is
 * complete. Typed arrays are written as they lie in memory. Throws an Error where the columns contradict the
 * schema and an InputError where the file cannot be written.
 */
export async function writeTable<C extends readonly ColumnDeclaration[], K extends string>(
  file: string,
  schema: TableSchema<C, K>,
  columns: ColumnsOf<C>,
  ...[metadata, options]: MetadataArguments<K>
): Promise<WrittenTable> {
  const prepared = prepareColumns(schema, columns);
  const checkedMetadata = checkMetadata(schema, metadata ?? {});
  const sizes = new Map<string, number>();
  schema.columns.forEach((column, i) => sizes.set(column.name, prepared.columns[i]?.stride ?? 1));
  const batches = planBatches(prepared.columns, prepared.rows, options?.batchBytes ?? defaultBatchBytes);
  const { digest, bytes } = await writeAtomically(file, (handle) =>
    writeIpcFile(
      handle,
      arrowSchema(schema, prepared.rows, checkedMetadata, sizes),
      prepared.columns,
      batches,
    ),
  );
  return { file: basename(file), digest, bytes, rows: prepared.rows };
}

function checkMetadata(
  schema: TableSchema,
  metadata: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const key of schema.metadataKeys) {
    if (typeof metadata[key] !== 'string') throw new Error(`table ${schema.name} needs the metadata ${key}`);
  }
  const reserved = Object.keys(metadata).find((key) => key.startsWith(reservedPrefix));
  if (reserved !== undefined)
    throw new Error(`table ${schema.name}: the metadata key ${reserved} is reserved`);
  return metadata;
}

/** `batches` holds the first row of each batch and, last, the number of rows. */
async function writeIpcFile(
  handle: FileHandle,
  schema: Schema,
  columns: readonly PreparedColumn[],
  batches: readonly number[],
): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256');
  let position = 0;
  const write = async (chunk: Uint8Array): Promise<void> => {
    const written = writeFully(handle, chunk);
    hash.update(chunk);
    await written;
    position += chunk.byteLength;
  };
  const writeMessage = async (message: Message): Promise<number> => {
    const framed = frame(Message.encode(message));
    await write(framed);
    return framed.byteLength;
  };
  await write(Buffer.from('ARROW1\0\0', 'latin1'));
  await writeMessage(Message.from(schema));
  const blocks: FileBlock[] = [];
  for (let i = 0; i + 1 < batches.length; i++) {
    const batch = encodeBatch(columns, batches[i] ?? 0, batches[i + 1] ?? 0);
    const at = position;
    const metadataBytes = await writeMessage(Message.from(batch.header, batch.bodyBytes));
    for (const chunk of batch.body) await write(chunk);
    blocks.push(new FileBlock(metadataBytes, batch.bodyBytes, at));
  }
  await write(endOfStream);
  const footer = Footer.encode(new Footer(schema, MetadataVersion.V5, blocks, []));
  const trailer = Buffer.alloc(10);
  trailer.writeInt32LE(footer.byteLength, 0);
  trailer.write('ARROW1', 4, 'latin1');
  await write(footer);
  await write(trailer);
  return { digest: hash.digest('hex'), bytes: position };
}

const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** A message as the format wants it: continuation marker, length, flatbuffer padded to 8 bytes. */
function frame(message: Uint8Array): Uint8Array {
  const padded = (message.byteLength + 7) & ~7;
  const framed = Buffer.alloc(8 + padded);
  framed.writeInt32LE(-1, 0);
  framed.writeInt32LE(padded, 4);
  framed.set(message, 8);
  return framed;
}
