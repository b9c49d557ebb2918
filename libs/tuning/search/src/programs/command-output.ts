/**
 * What a command says while it runs: reports on stdout, and everything else, which goes into its log. Nothing
 * that it writes makes this process grow: lines, log and what is remembered of stderr have limits.
 */
import type { ChildProcess } from 'node:child_process';
import { lineCutter, type LineBytes } from './byte-lines.js';
import { openCommandLog } from './command-log.js';
import { readReport, type CommandReport } from './command-report.js';

/** How a command ended and what it had said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last report that could be taken. */
  readonly report: CommandReport | null;
  /** Of the last line that was meant as a report, after that one: why it could not be taken. */
  readonly wrong: string | null;
  /** Of a line that nobody could read, which may have been a report. */
  readonly unread: string | null;
  /** The last lines of stderr. */
  readonly errors: readonly string[];
}

const longestLine = 2 ** 20;
/** Of stderr, in which the reason of a failure is looked for. */
const linesRemembered = 1000;
const charactersRemembered = 500;

/** Reads what the command says until it has ended. @param progress told the step of each report */
export async function listen(
  child: ChildProcess,
  folder: string,
  progress: (step: number) => void,
): Promise<Ended> {
  const log = openCommandLog(folder);
  let report: CommandReport | null = null;
  let wrong: string | null = null;
  let unread: string | null = null;
  const errors: string[] = [];
  /** @returns whether it is a report */
  const hear = (line: string): boolean => {
    const read = readReport(line);
    if (read === null) return false;
    if (read.kind === 'report') {
      report = read;
      wrong = null;
      progress(read.step);
    } else if (read.kind === 'wrong') wrong = read.why;
    else unread = read.why;
    return read.kind === 'report';
  };
  const remember = (line: string): boolean => {
    if (line.trim() === '') return false;
    errors.push(line.slice(0, charactersRemembered));
    // Not at each line: taking from the front moves all of them.
    if (errors.length > 2 * linesRemembered) errors.splice(0, linesRemembered);
    return false;
  };
  /** @returns what reads the last line, which may have no line break */
  const readLines = (stream: NodeJS.ReadableStream | null, isTaken: (line: string) => boolean) => {
    const decoder = new TextDecoder();
    const { take, rest } = lineCutter(longestLine);
    const read = (lines: readonly LineBytes[]): void => {
      const others = lines.flatMap((bytes) => {
        if (bytes === null) {
          unread = `is longer than ${longestLine.toLocaleString('en')} bytes`;
          return ['… a line that is too long is left out\n'];
        }
        const line = decoder.decode(bytes);
        return isTaken(line) ? [] : [`${line}\n`];
      });
      if (others.length > 0) log.write(others.join(''));
    };
    stream?.on('data', (chunk: Buffer) => read(take(chunk)));
    return () => read(rest());
  };
  const lastLines = [readLines(child.stdout, hear), readLines(child.stderr, remember)];
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (...how) => resolve(how));
    });
    for (const read of lastLines) read();
    return { code, signal, report, wrong, unread, errors: errors.slice(-linesRemembered) };
  } finally {
    log.close();
  }
}
