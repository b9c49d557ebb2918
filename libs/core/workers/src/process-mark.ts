/**
 * A file that names a process which writes into a folder, so that whoever comes after a crash can see whether
 * that process still lives, and end it before two write into one folder.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { processStart, processStatus } from '@layerwise/locks';

/** In the environment of a process that leads a group: its mark, by which those that it starts are known. */
export const markEnvironment = (file: string) => ({ LAYERWISE_MARK: resolve(file) });

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

interface Mark {
  readonly pid: number;
  readonly start: string;
}

function readMark(file: string): Mark | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Mark;
  } catch {
    return null;
  }
}

/** The process that `file` names, if it still lives. */
function markedProcess(file: string): number | null {
  const mark = readMark(file);
  return mark !== null && processStart(mark.pid) === mark.start ? mark.pid : null;
}

/**
 * The group of a process that is gone, where one lives that it started: a shell ends before a training that
 * hears no signal. The number alone may be another group's by now; the environment tells.
 */
function leftGroup(file: string): number | null {
  const mark = readMark(file);
  if (mark === null || process.platform !== 'linux' || processStatus(mark.pid) !== null) return null;
  const { LAYERWISE_MARK } = markEnvironment(file);
  const isOurs = (pid: string): boolean => {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      return variables.includes(`LAYERWISE_MARK=${LAYERWISE_MARK}`);
    } catch {
      return false;
    }
  };
  const members = readdirSync('/proc').filter((name) => processStatus(name)?.group === mark.pid);
  return members.some(isOurs) ? mark.pid : null;
}

interface Ending {
  /** It may end by itself, or as it is asked to, within this. */
  readonly graceMs: number;
  /** Sent first; null only waits. */
  readonly ask: NodeJS.Signals | null;
  /** It leads a process group, which is ended as a whole. */
  readonly group: boolean;
  /** So long it waits till the system has forgotten them too: dead, their numbers are there until then. */
  readonly forgottenMs?: number;
}

/** Waits until the process that `file` names is gone, kills it when its time is up, and removes the file. */
export async function endMarkedProcess(file: string, ending: Ending): Promise<void> {
  const pid = markedProcess(file) ?? (ending.group ? leftGroup(file) : null);
  // The number of a group is not given to another process while one of the group lives.
  const isAlive = (): boolean =>
    ending.group && pid !== null ? isGroupAlive(pid) : markedProcess(file) !== null;
  if (pid !== null) await endProcess(pid, isAlive, ending);
  rmSync(file, { force: true });
}

/** Kills what still lives of the group that `leader` led, and waits until it is gone. */
export async function killGroup(leader: number, forgottenMs = 0): Promise<void> {
  await endProcess(leader, () => isGroupAlive(leader), { graceMs: 0, ask: null, group: true, forgottenMs });
}

async function endProcess(
  pid: number,
  isAlive: () => boolean,
  { graceMs, ask, group, forgottenMs = 0 }: Ending,
): Promise<void> {
  if (ask !== null) signalProcess(pid, ask, group);
  const until = performance.now() + graceMs;
  let killed = false;
  while (isAlive()) {
    if (!killed && performance.now() >= until) {
      killed = true;
      signalProcess(pid, 'SIGKILL', group);
    }
    await pause();
  }
  const patience = performance.now() + forgottenMs;
  while (performance.now() < patience && isKnown(group ? -pid : pid)) await pause();
}

const pause = (): Promise<unknown> => new Promise((wake) => setTimeout(wake, 20));

/** Whether the number still stands for something, be it a process that nobody has asked how it ended. */
function isKnown(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
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
