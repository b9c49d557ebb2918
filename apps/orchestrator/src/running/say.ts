/**
 * The way out for words: whatever a file, a program or a server may have put into them, a terminal shows and
 * does not obey it (`visible` of `@layerwise/errors`). Everything that a command prints goes through here, but
 * for the codes of our own with which `../progress` draws.
 */
import { format } from 'node:util';
import { visibleLines } from '@layerwise/errors';

/** Where the words go. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** The same streams, of visible text alone. JSON keeps its value: its texts have escapes of the same form. */
export function visibleStreams({ stdout, stderr }: Streams): Streams {
  return {
    stdout: (text) => stdout(visibleLines(text)),
    stderr: (text) => stderr(visibleLines(text)),
  };
}

export const processStreams: Streams = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
};

/** A line, or several, beside the result. */
export function say(line: string, stream: NodeJS.WritableStream = process.stderr): void {
  stream.write(`${visibleLines(line)}\n`);
}

/** Libraries greet and warn on the console, with words of files: stdout belongs to the command's result. */
export function sayConsole(): void {
  const saying = (...values: readonly unknown[]): void => say(format(...values));
  console.log = console.info = console.debug = console.warn = console.error = saying;
}
