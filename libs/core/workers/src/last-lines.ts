/** The last lines of a log that are not empty, from its last 16 KiB; none of one that somebody deleted. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

export function lastLines(log: string, count: number): string[] {
  if (!existsSync(log)) return [];
  const file = openSync(log, 'r');
  try {
    const size = fstatSync(file).size;
    const buffer = Buffer.alloc(Math.min(size, 16_384));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    closeSync(file);
  }
}
