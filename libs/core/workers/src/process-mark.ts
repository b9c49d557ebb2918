/**
 * A file that names a process which writes into a folder, so that whoever comes after a crash can see whether
 * that process still lives, and end it before two write into one folder.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { processStart, processStatus } from '@layerwise/locks';

/** Whether a process of the group lives, its leader or another: a shell may end before what it started. */
function isGroupAlive(leader: number): boolean {
  if (process.platform === 'linux')
    return readdirSync('/proc').some((name) => /^\d/.test(name) && processStatus(name)?.group === leader);
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
