/**
 * Lines of text out of bytes as they come in, for a program that talks line by line: each is handed on as
 * soon as its line break is there (a last line needs none). What is no text, or too long to be kept, is a
 * fault of that line alone.
 */
import { InputError } from '@layerwise/errors';

const lineBreak = 0x0a;

/**
 * Lines end with LF or CRLF; a byte order mark at the beginning of one is left out.
 * @param most bytes of a line
 * @returns an InputError in the place of a line that is longer, or not UTF-8
 */
export async function* byteLines(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<string | InputError> {
  let kept: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array): void => {
    length += part.byteLength;
    if (length <= most) kept.push(part);
    else kept = [];
  };
  const takeLine = (): string | InputError => {
    const line =
      length <= most
        ? textOf(Buffer.concat(kept))
        : new InputError(`The line is longer than ${most} bytes: write one object a line.`);
    kept = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineBreak); end !== -1; end = chunk.indexOf(lineBreak, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      yield takeLine();
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield takeLine();
}

function textOf(bytes: Uint8Array): string | InputError {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r$/, '');
  } catch {
    return new InputError(
      'The line is not UTF-8: write text as UTF-8, or escape it as JSON does ("\\u00e9").',
    );
  }
}
