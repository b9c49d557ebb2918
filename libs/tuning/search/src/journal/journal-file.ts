/**
 * A journal as a file of JSON Lines, `{"event":…,"crc":"1a2b3c4d"}`, to which every decision and result is
 * appended and synced before anything acts on it. The CRC-32 is that of the event's text as it stands in the
 * line.
 *
 * A process that is killed, or a disk that fills, leaves at most a broken last line, whose event nobody has
 * acted on: it is cut off when the journal is opened again. A broken line before the last is damage, and
 * refused. What events mean is `events.ts`.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  damaged,
  explainedSync,
  fileExists,
  InputError,
  makeFolder,
  readRegular,
  checkRegular,
} from '@layerwise/errors';
import { takeLock } from '@layerwise/locks';
import type { Journal } from './journal.js';

/** A journal of a hundred thousand trials has a tenth of it. */
const MOST_BYTES = 512e6;

/**
 * Opens a journal, or begins one, for this process alone; a broken last line is cut off the file. An event is
 * appended once it is on the disk.
 * @throws InputError
 */
export function openJournalFile(file: string): Journal {
  makeFolder(dirname(file));
  const unlock = takeLock(`${file}.lock`, file);
  try {
    return explainedSync('open', file, () => openLocked(file, unlock));
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The events of a journal that another process may be writing: nothing is locked. @throws InputError */
export function readJournalFile(file: string): unknown[] {
  return parseJournal(readRegular(file, MOST_BYTES), file).events;
}

function openLocked(file: string, unlock: () => void): Journal {
  if (fileExists(file)) checkRegular(file, Infinity);
  // Appending goes to the end of the file wherever that is; a+ makes a missing file.
  const descriptor = openSync(file, 'a+');
  try {
    const { events, bytes, ended } = parseJournal(readRegular(file, MOST_BYTES), file);
    if (fstatSync(descriptor).size > bytes) ftruncateSync(descriptor, bytes);
    if (!ended) writeSync(descriptor, '\n');
    fsyncSync(descriptor);
    syncFolder(dirname(file));
    return writer(file, descriptor, events, unlock);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function writer(file: string, descriptor: number, events: unknown[], unlock: () => void): Journal {
  let size = fstatSync(descriptor).size;
  let open = true;
  return {
    name: file,
    read: () => events,
    append(event) {
      if (!open) throw new Error(`the journal ${file} is closed`);
      const line = Buffer.from(lineOf(event));
      explainedSync('write', file, () => {
        try {
          for (let done = 0; done < line.byteLength;) done += writeSync(descriptor, line, done);
          fsyncSync(descriptor);
        } catch (error) {
          // Half a line (the disk is full) must not stand before a later one.
          ftruncateSync(descriptor, size);
          throw error;
        }
      });
      size += line.byteLength;
      events.push(event);
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(descriptor);
      unlock();
    },
  };
}

/** A line of the journal, with its line break. */
export function lineOf(event: unknown): string {
  const text = JSON.stringify(event);
  return `{"event":${text},"crc":"${checksum(text)}"}\n`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

interface Parsed {
  readonly events: unknown[];
  /** Length of the part that is whole. */
  readonly bytes: number;
  /** False when the last whole line lacks its line break alone. */
  readonly ended: boolean;
}

const lineBreak = 0x0a;
const beginning = Buffer.from('{"event":{');

function parseJournal(contents: Buffer, file: string): Parsed {
  const events: unknown[] = [];
  let start = 0;
  while (start < contents.length) {
    const found = contents.indexOf(lineBreak, start);
    const end = found === -1 ? contents.length : found;
    const event = parseLine(contents.toString('utf8', start, end));
    if (event === undefined) {
      if (end + 1 < contents.length)
        throw damaged(
          `${file}, line ${events.length + 1}`,
          'its checksum does not hold',
          'restore the file from a copy, or give another journal',
        );
      refuseForeign(contents, start, file);
      return { events, bytes: start, ended: true };
    }
    events.push(event.value);
    if (found === -1) return { events, bytes: end, ended: false };
    start = found + 1;
  }
  return { events, bytes: contents.length, ended: true };
}

/** A file whose only line is no journal's may be anything: it must not be cut off. */
function refuseForeign(contents: Buffer, start: number, file: string): void {
  const shown = contents.subarray(0, beginning.length);
  if (start === 0 && !shown.equals(beginning.subarray(0, shown.length)))
    throw new InputError(`${file} is not a journal: give another file.`);
}

function parseLine(line: string): { readonly value: unknown } | undefined {
  const [, text, crc] = /^\{"event":(.*),"crc":"([0-9a-f]{8})"\}$/s.exec(line) ?? [];
  if (text === undefined || checksum(text) !== crc) return undefined;
  return { value: JSON.parse(text) as unknown };
}

/** Makes a new file's name durable. Where folders cannot be opened (Windows) the system does it alone. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
