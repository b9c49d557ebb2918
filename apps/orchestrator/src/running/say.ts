/**
 * The way out for words: whatever a file, a program or a server may have put into them, a terminal shows and
 * does not obey it (`visible` of `@layerwise/errors`). Everything that a command prints goes through here,
 * but for the codes of our own with which `../progress` draws.
 */
import { format } from 'node:util';
import { errorCode, visibleLines } from '@layerwise/errors';

/** Where the words go. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * Waits until stdout is written; the first error where it could not be, unless nobody reads it any more.
   */
  readonly lost?: () => Promise<Error | null>;
}

/** The same streams, of visible text alone. JSON keeps its value: its texts have escapes of the same form. */
export function visibleStreams({ stdout, stderr, ...rest }: Streams): Streams {
  return {
    ...rest,
    stdout: (text) => stdout(visibleLines(text)),
    stderr: (text) => stderr(visibleLines(text)),
  };
}

/** Those of this process. `bin/layerwise.js` sees to it that a stream which breaks ends no work. */
export function processStreams(): Streams {
  let failure: Error | null = null;
  return {
    stdout: (text) => {
      process.stdout.write(text, (error) => {
        if (error && errorCode(error) !== 'EPIPE') failure ??= error;
      });
    },
    stderr: (text) => void process.stderr.write(text),
    lost: async () => {
      await new Promise<void>((done) => process.stdout.write('', () => done()));
      return failure;
    },
  };
}

/** A line, or several, beside the result. */
export function say(line: string, stream: NodeJS.WritableStream = process.stderr): void {
  stream.write(`${visibleLines(line)}\n`);
}

/** Libraries greet and warn on the console, with words of files: stdout belongs to the command's result. */
export function sayConsole(): void {
  const saying = (...values: readonly unknown[]): void => say(format(...values));
  console.log = console.info = console.debug = console.warn = console.error = saying;
}
