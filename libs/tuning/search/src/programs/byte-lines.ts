/**
 * Lines of text out of bytes as they come in, for a program that talks line by line: each is handed on as
 * soon as its line break is there (a last line needs none). What is no text, or too long to be kept, is a
 * fault of that line alone.
 */
import { InputError } from '@layerwise/errors';

/** The bytes of a line, without its line break; null for one that is longer than may be kept. */
export type LineBytes = Uint8Array | null;

export interface LineCutter {
  /** The lines that end within these bytes. */
  readonly take: (chunk: Uint8Array) => LineBytes[];
  /** At the end: the line that has no line break, if there is one. */
  readonly rest: () => LineBytes[];
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Lines end with LF, CRLF or CR: a bar of progress that is drawn over itself is a line each time, and none
 * that grows for ever.
 * @param most bytes of a line
 */
export function lineCutter(most: number): LineCutter {
  let kept: Uint8Array[] = [];
  let length = 0;
  /** The last byte was a CR: an LF that follows belongs to it. */
  let returned = false;
  const keep = (part: Uint8Array): void => {
    length += part.byteLength;
    if (length > most) kept = [];
    // The chunk's memory may be written again.
    else if (part.byteLength > 0) kept.push(Uint8Array.from(part));
  };
  const line = (): LineBytes => {
    const bytes = length > most ? null : Buffer.concat(kept);
    kept = [];
    length = 0;
    return bytes;
  };
  return {
    take: (chunk) => {
      const lines: LineBytes[] = [];
      let start = returned && chunk[0] === lineFeed ? 1 : 0;
      if (chunk.byteLength > 0) returned = chunk.at(-1) === carriageReturn;
      let [feed, back] = [-2, -2];
      for (;;) {
        // Each is looked for again only when the last one found is used up.
        if (feed !== -1 && feed < start) feed = chunk.indexOf(lineFeed, start);
        if (back !== -1 && back < start) back = chunk.indexOf(carriageReturn, start);
        const end = feed === -1 ? back : back === -1 ? feed : Math.min(feed, back);
        if (end === -1) break;
        keep(chunk.subarray(start, end));
        lines.push(line());
        start = end + (end === back && chunk[end + 1] === lineFeed ? 2 : 1);
      }
      keep(chunk.subarray(start));
      return lines;
    },
    rest: () => (length > 0 ? [line()] : []),
  };
}

/**
 * A byte order mark at the beginning of a line is left out.
 * @param most bytes of a line
 * @returns an InputError in the place of a line that is longer, or not UTF-8
 */
export async function* byteLines(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<string | InputError> {
  const { take, rest } = lineCutter(most);
  const textOf = (bytes: LineBytes): string | InputError =>
    bytes === null
      ? new InputError(`The line is longer than ${most} bytes: write one object a line.`)
      : strictText(bytes);
  for await (const chunk of chunks) yield* take(chunk).map(textOf);
  yield* rest().map(textOf);
}

function strictText(bytes: Uint8Array): string | InputError {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new InputError(
      'The line is not UTF-8: write text as UTF-8, or escape it as JSON does ("\\u00e9").',
    );
  }
}
