/**
 * A file that names a process which writes into a folder, so that whoever comes after a crash can see whether
 * that process still lives, and end it before two write into one folder. A number alone may belong to someone
 * else by then; the time at which the process started tells them apart.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode } from '@layerwise/errors';

/** What proc(5) tells of a process that lives; null if there is none, or it is a zombie. */
function statusOf(pid: number | string): { readonly group: number; readonly start: string } | null {
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

/** When process `pid` started, in words that only compare; null if it does not live. */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return statusOf(pid)?.start ?? null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

/** Whether a process of the group lives, its leader or another: a shell may end before what it started. */
function isGroupAlive(leader: number): boolean {
  if (process.platform === 'linux')
    return readdirSync('/proc').some((name) => /^\d/.test(name) && statusOf(name)?.group === leader);
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

/** Says in `file` that process `pid` is at work. */
export function markProcess(file: string, pid: number): void {
  const start = processStart(pid);
  if (start !== null) writeFileSync(file, JSON.stringify({ pid, start }));
}

/** The process that `file` names, if it still lives. */
function markedProcess(file: string): number | null {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start: string };
    return processStart(pid) === start ? pid : null;
  } catch {
    return null;
  }
}

interface Ending {
  /** It may end by itself, or as it is asked to, within this. */
  readonly graceMs: number;
  /** Sent first; null only waits. */
  readonly ask: NodeJS.Signals | null;
  /** It leads a process group, which is ended as a whole. */
  readonly group: boolean;
}

/** Waits until the process that `file` names is gone, kills it when its time is up, and removes the file. */
export async function endMarkedProcess(file: string, ending: Ending): Promise<void> {
  const pid = markedProcess(file);
  // The number of a group is not given to another process while one of the group lives.
  const isAlive = (): boolean =>
    ending.group && pid !== null ? isGroupAlive(pid) : markedProcess(file) !== null;
  if (pid !== null) await endProcess(pid, isAlive, ending);
  rmSync(file, { force: true });
}

/** Kills what still lives of the group that `leader` led, and waits until it is gone. */
export async function killGroup(leader: number): Promise<void> {
  await endProcess(leader, () => isGroupAlive(leader), { graceMs: 0, ask: null, group: true });
}

async function endProcess(
  pid: number,
  isAlive: () => boolean,
  { graceMs, ask, group }: Ending,
): Promise<void> {
  if (ask !== null) signalProcess(pid, ask, group);
  const until = performance.now() + graceMs;
  let killed = false;
  while (isAlive()) {
    if (!killed && performance.now() >= until) {
      killed = true;
      signalProcess(pid, 'SIGKILL', group);
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

/** Sends a signal to a process, or to the group that it leads; nothing if it is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals, group: boolean): void {
  try {
    process.kill(group ? -pid : pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** Whether a process lives, also one that is another person's. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
