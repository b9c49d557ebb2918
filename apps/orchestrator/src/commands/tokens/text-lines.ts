/** Lines of bytes → texts, as they come in; a line that is a JSON string stands for the text in it. */
import { InputError } from '@layerwise/errors';

const LINE_FEED = 0x0a;

/**
 * The texts that end within each chunk of bytes; lines end at \n alone, and the last one needs none.
 * @param most characters of a line
 * @throws InputError naming the line that is longer or not UTF-8
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<readonly string[]> {
  let kept: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const keep = (bytes: Uint8Array): void => {
    length += bytes.byteLength;
    // No character takes more than three bytes for each of its UTF-16 units.
    if (length > 3 * most) throw tooLong(number + 1, most);
    kept.push(Uint8Array.from(bytes));
  };
  const take = (): string => {
    const line = lineOf(Buffer.concat(kept), ++number);
    if (line.length > most) throw tooLong(number, most);
    [kept, length] = [[], 0];
    return textOf(line);
  };
  for await (const chunk of chunks) {
    const texts: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      texts.push(take());
      start = end + 1;
    }
    keep(chunk.subarray(start));
    if (texts.length > 0) yield texts;
  }
  if (length > 0) yield [take()];
}

function tooLong(line: number, most: number): InputError {
  return new InputError(`Line ${line} on stdin has more than ${most} characters; make texts shorter.`);
}

function lineOf(bytes: Uint8Array, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InputError(
      `Line ${line} of the texts on stdin is not in UTF-8; write it so, or as a JSON string.`,
    );
  }
}

/** A line as it is, or the text that it is as a JSON string. */
function textOf(line: string): string {
  if (!/^\s*".*"\s*$/s.test(line)) return line;
  try {
    return JSON.parse(line) as string;
  } catch {
    return line;
  }
}
