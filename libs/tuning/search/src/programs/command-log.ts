/**
 * The log of a command: what it wrote, at most so much of it. When `command.log` is full it becomes
 * `command.earlier.log`, in the place of the one before, and a new one is begun: the end of what was said is
 * there, and the disk does not fill.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface CommandLog {
  readonly write: (lines: string) => void;
  readonly close: () => void;
}

const mostBytes = 8 * 2 ** 20;

/** @param most bytes of each of the two files, but for the lines that fill it */
export function openCommandLog(folder: string, most = mostBytes): CommandLog {
  const file = join(folder, 'command.log');
  let log: { readonly descriptor: number; size: number } | null = null;
  const open = () => {
    const descriptor = openSync(file, 'a');
    return { descriptor, size: fstatSync(descriptor).size };
  };
  const close = (): void => {
    if (log !== null) closeSync(log.descriptor);
    log = null;
  };
  /** The log is a courtesy: a full disk is told by the command itself. */
  const asFarAsPossible = (work: () => void): void => {
    try {
      work();
    } catch {
      // What was said is lost.
    }
  };
  return {
    write: (lines) =>
      asFarAsPossible(() => {
        log ??= open();
        if (log.size > most) {
          close();
          renameSync(file, join(folder, 'command.earlier.log'));
          log = open();
          log.size += writeSync(
            log.descriptor,
            '… what came before is in command.earlier.log, or left out\n',
          );
        }
        log.size += writeSync(log.descriptor, lines);
      }),
    close: () => asFarAsPossible(close),
  };
}
