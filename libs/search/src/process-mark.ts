/**
 * A file that names a process which writes into a folder, so that whoever comes after a crash can see whether that process still
 * lives, and end it before two write into one folder. A number alone may belong to someone else by then; the time at which the
 * process started tells them apart.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** When process `pid` started, in words that only compare; null if there is no such process, or it is a zombie. */
function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      // Behind the name in brackets, which may hold anything: state is field 3 of proc(5), the start time field 22.
      const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : (fields[19] ?? null);
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Says in `file` that process `pid` is at work. */
export function markProcess(file: string, pid: number): void {
  const start = startOf(pid);
  if (start !== null) writeFileSync(file, JSON.stringify({ pid, start }));
}

/** The process that `file` names, if it still lives. */
export function markedProcess(file: string): number | null {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start: string };
    return startOf(pid) === start ? pid : null;
  } catch {
    return null;
  }
}

export interface Ending {
  /** It may end by itself, or as it is asked to, within this. */
  readonly graceMs: number;
  /** Sent first; null only waits. */
  readonly ask: NodeJS.Signals | null;
  /** It leads a process group, which is ended as a whole. */
  readonly group: boolean;
}

/** Waits until the process that `file` names is gone, kills it when its time is up, and removes the file. */
export async function endMarkedProcess(file: string, { graceMs, ask, group }: Ending): Promise<void> {
  const until = performance.now() + graceMs;
  const first = markedProcess(file);
  if (first !== null && ask !== null) signalProcess(first, ask, group);
  let killed = false;
  for (let pid = first; pid !== null; pid = markedProcess(file)) {
    if (!killed && performance.now() >= until) {
      killed = true;
      signalProcess(pid, 'SIGKILL', group);
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
  rmSync(file, { force: true });
}

/** Sends a signal to a process, or to the group that it leads; nothing if it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals, group: boolean): void {
  try {
    process.kill(group ? -pid : pid, signal);
  } catch {
    // It ended by itself.
  }
}
