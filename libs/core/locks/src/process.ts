/**
 * Processes as others know them. A number comes again, in containers at once; the time at which a process
 * started tells two of one number apart.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from '@layerwise/errors';

/** What proc(5) tells of a process that lives; null if there is none, or it is a zombie. */
export function processStatus(
  pid: number | string,
): { readonly group: number; readonly start: string } | null {
  try {
    // Behind the name in brackets, which may hold anything: state is field 3, the process group field 5, the
    // start time field 22.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { group: Number(fields[2]), start: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/**
 * The namespace in which process numbers mean this process's neighbours: another one in every container.
 * Empty where the system has none.
 */
export function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** When process `pid` started, in words that only compare; null if it does not live. */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return processStatus(pid)?.start ?? null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/**
 * Whether a process lives, also one that is another person's. One that ended and waits for its parent does
 * not.
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return process.platform !== 'linux' || processStatus(pid) !== null;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
