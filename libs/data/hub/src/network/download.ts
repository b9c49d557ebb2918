/**
 * One file, from its address to its name, whole or not at all.
 *
 * The bytes go to NAME.partial; NAME.partial.json says which content they begin (the digest) and which answer
 * they came from (its etag). A later attempt, of this process or of the next, asks for the rest with Range
 * and If-Range, and starts anew when the server sends the whole, another version, or another digest is
 * wanted. At the end the digest is checked, the file is synced and renamed. A wrong digest deletes what was
 * received; the second time it is an error.
 */
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, writeFully } from '@layerwise/artifacts';
import { InputError, readRegular } from '@layerwise/errors';
import { readableBytes } from '../bytes.js';
import { fileContent, parseDigest, sameDigest, type Digest, type FileContent } from '../folder/digest.js';
import { refusal, Transient, type HubRequest } from './refusal.js';
import { get, type Answer } from './request.js';
import { retrying } from './retry.js';
import type { Settings } from '../settings.js';

export interface Download {
  /** Address on the hub, at a commit. */
  url: string;
  /** Where it goes; the folder exists. */
  target: string;
  /** Both null where only the server's answer to the download will tell. */
  bytes: number | null;
  digest: Digest | null;
  request: HubRequest;
  onBytes: (received: number, total: number | null) => void;
}

/** What NAME.partial.json says: which content the partial file begins. */
interface PartialNote {
  digest: Digest;
  /** Null where no answer states them. */
  bytes: number | null;
  /** A strong etag of the server that sent the bytes, for If-Range; null where it gave none. */
  etag: string | null;
}

/** Of a file whose size nobody states; the hub itself states all sizes. */
const MOST_UNSTATED_BYTES = 100e6;

export const partialOf = (target: string): string => `${target}.partial`;

/** Errors: InputError for a refusal of the hub or a second wrong digest, a plain Error of the network. */
export async function downloadFile(settings: Settings, download: Download): Promise<FileContent> {
  const { target } = download;
  const partial = partialOf(target);
  for (let round = 1; ; round++) {
    const { digest, bytes } = await receive(settings, download, partial);
    const content = await fileContent(partial, digest);
    if (content.matches) {
      await rename(partial, target);
      await rm(`${partial}.json`, { force: true });
      await syncFolder(dirname(target));
      return content;
    }
    await removePartial(partial);
    // Where nobody says how long it is, the second could be as long and as wrong as the first.
    if (round === 2 || bytes === null) {
      const often = bytes === null ? '' : ' twice';
      throw new InputError(
        `${download.request.file ?? target} of "${download.request.repo}" arrived${often} with another content than the hub's digest ` +
          `(${digest.kind} ${digest.hex}) says and was deleted: try again later, or another endpoint.`,
      );
    }
  }
}

/** Brings the partial file to its full length and gives its note. */
async function receive(settings: Settings, download: Download, partial: string): Promise<PartialNote> {
  const reached = { bytes: 0 };
  const retries = {
    furthest: () => reached.bytes,
    isPermanent: () => false,
    advice: 'run the same command again, which goes on where this one stopped',
  };
  return retrying(settings, retries, async () => {
    const earlier = await findPartial(download, partial);
    reached.bytes = Math.max(reached.bytes, earlier?.length ?? 0);
    if (earlier !== null && earlier.length === earlier.note.bytes) return earlier.note;
    const answer = await get(settings, download.url, earlier === null ? {} : rangeHeaders(earlier));
    const isContinuation = earlier !== null && continues(answer, earlier);
    if (answer.status === 416 || (answer.status === 206 && !isContinuation)) {
      answer.discard();
      await removePartial(partial);
      throw new Transient(`${answer.host} does not continue ${download.request.file ?? download.url}`, 0);
    }
    if (answer.status !== 200 && !isContinuation) {
      answer.discard();
      throw refusal(answer, download.request, settings.clock.now());
    }
    const note = isContinuation ? earlier.note : noteFor(answer, download);
    if (!isContinuation) {
      // The old bytes go before the new description comes: no crash can leave them under it.
      await removePartial(partial);
      await writeFile(`${partial}.json`, JSON.stringify(note));
    }
    const length = await append(answer, partial, isContinuation ? earlier.length : 0, note, (received) => {
      reached.bytes = Math.max(reached.bytes, received);
      download.onBytes(received, note.bytes);
    });
    if (note.bytes !== null && length < note.bytes) {
      throw new Transient(`the connection to ${answer.host} ended after ${length} of ${note.bytes} bytes`);
    }
    if (note.bytes === null && length > MOST_UNSTATED_BYTES) {
      await removePartial(partial);
      throw new InputError(
        `${answer.host} does not state the size of ${download.request.file ?? download.url} and sends more than ${readableBytes(MOST_UNSTATED_BYTES)}: use another endpoint (HF_ENDPOINT).`,
      );
    }
    return note;
  });
}

interface PartialDownload {
  /** Bytes of the partial file, at least 1. */
  length: number;
  note: PartialNote;
}

/** What an earlier attempt left, if it begins the content that is wanted now; otherwise it is deleted. */
async function findPartial(download: Download, partial: string): Promise<PartialDownload | null> {
  const note = readPartialNote(`${partial}.json`);
  const length = await stat(partial).then(
    (file) => file.size,
    () => 0,
  );
  if (note !== null && length > 0 && length <= (note.bytes ?? length)) {
    if (download.digest === null || sameDigest(note.digest, download.digest)) return { length, note };
  }
  await removePartial(partial);
  return null;
}

function readPartialNote(path: string): PartialNote | null {
  try {
    const { digest, bytes, etag } = JSON.parse(readRegular(path).toString()) as Partial<PartialNote>;
    const checked = parseDigest(digest?.hex);
    if (checked === null || (bytes !== null && !Number.isSafeInteger(bytes))) return null;
    return { digest: checked, bytes: bytes ?? null, etag: typeof etag === 'string' ? etag : null };
  } catch {
    return null; // none, or cut off by a crash: then the bytes beside it are of unknown origin
  }
}

function rangeHeaders(earlier: PartialDownload): Record<string, string> {
  const range = { range: `bytes=${earlier.length}-` };
  return earlier.note.etag === null ? range : { ...range, 'if-range': earlier.note.etag };
}

/** Whether an answer brings exactly the bytes after those at hand, of the same content. */
function continues(answer: Answer, earlier: PartialDownload): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('content-range') ?? '');
  if (answer.status !== 206 || range === null || Number(range[1]) !== earlier.length) return false;
  if (range[2] !== '*' && earlier.note.bytes !== null && Number(range[2]) !== earlier.note.bytes)
    return false;
  const linked = parseDigest(answer.linked.etag);
  if (linked !== null && !sameDigest(linked, earlier.note.digest)) return false;
  return (
    earlier.note.etag === null || (answer.headers.get('etag') ?? earlier.note.etag) === earlier.note.etag
  );
}

/** What a whole answer begins: the listing's word, else the hub's on the way to the bytes. */
function noteFor(answer: Answer, download: Download): PartialNote {
  const digest = download.digest ?? parseDigest(answer.linked.etag);
  if (digest === null) {
    answer.discard();
    throw new InputError(
      `${answer.host} gives no digest for ${download.request.file ?? download.url}, so it cannot be checked: use another endpoint (HF_ENDPOINT).`,
    );
  }
  const stated = answer.headers.has('content-encoding') ? null : answer.headers.get('content-length');
  const etag = answer.headers.get('etag');
  return {
    digest,
    bytes: download.bytes ?? answer.linked.bytes ?? (stated === null ? null : Number(stated)),
    etag: etag?.startsWith('"') === true ? etag : null,
  };
}

/** Writes a body at `from` and gives the length after it; one too long is left at its first excess. */
async function append(
  answer: Answer,
  partial: string,
  from: number,
  note: PartialNote,
  onLength: (length: number) => void,
): Promise<number> {
  const file = await open(partial, from === 0 ? 'w' : 'a');
  let length = from;
  try {
    for await (const piece of answer.pieces()) {
      await writeFully(file, piece);
      length += piece.length;
      onLength(length);
      if (length > (note.bytes ?? MOST_UNSTATED_BYTES)) break;
    }
    await file.sync();
  } finally {
    await file.close();
    answer.discard();
  }
  return length;
}

async function removePartial(partial: string): Promise<void> {
  await rm(partial, { force: true });
  await rm(`${partial}.json`, { force: true });
}
