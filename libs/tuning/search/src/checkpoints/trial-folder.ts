/**
 * The folders of trials, `<folder>/trials/<number>`, in which objectives leave checkpoints: how much they
 * take, and what may still stand there. All in a trial's folder is its checkpoint, but for logs (`*.log`),
 * which stay to be read, and marks of processes (`*.process`). Room is counted in whole blocks, as the disk
 * does, so that it does not depend on the digits of a time that a file may hold.
 */
import { existsSync, lstatSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { explainedSync, makeFolder } from '@layerwise/errors';
import { endMarkedProcess } from '@layerwise/workers';
import { isUnderWay } from '../study/observe.js';
import type { StudyState } from '../study/state.js';
import type { Trial } from '../study/trial.js';

const blockBytes = 4096;

/** In a trial's folder: the process of a person's command that runs it, as `markProcess` writes it. */
export const COMMAND_MARK = 'command.process';
/** So long a search that is stopped waits till no number of a process that it ended is in use. */
export const FORGOTTEN_MS = 5000;

function trialFolder(folder: string, trial: number): string {
  return join(folder, 'trials', String(trial));
}

/** Makes a trial's folder. @throws InputError */
export function makeTrialFolder(folder: string, trial: number): string {
  const own = trialFolder(folder, trial);
  makeFolder(own);
  return own;
}

/** Bytes that a trial's checkpoint takes on the disk; 0: there is none. @throws InputError */
export function checkpointBytes(folder: string, trial: number): number {
  const own = trialFolder(folder, trial);
  return explainedSync('read the folder', own, () => {
    const names = namesIn(own).filter((name) => !/\.(log|process)$/.test(name));
    return names.reduce((sum, name) => sum + bytesOf(join(own, name)), 0);
  });
}

/** Removes a trial's checkpoint: its folder, or all in it but logs. @throws InputError */
export function removeCheckpoint(folder: string, trial: number): void {
  const own = trialFolder(folder, trial);
  explainedSync('empty the folder', own, () => {
    const names = namesIn(own);
    const gone = names.filter((name) => !name.endsWith('.log'));
    for (const name of gone) rmSync(join(own, name), { recursive: true, force: true });
    if (gone.length === names.length) rmSync(own, { recursive: true, force: true });
  });
}

/**
 * Removes checkpoints that no trial owns: a search that was killed between a line of its journal and the
 * deletion leaves them, and so does another search in the same folder.
 * @throws InputError
 */
export function removeOrphans(folder: string, { trials }: StudyState): void {
  const all = join(folder, 'trials');
  for (const name of explainedSync('read the folder', all, () => namesIn(all)))
    if (/^\d+$/.test(name) && !mayKeepFiles(trials[Number(name)])) removeCheckpoint(folder, Number(name));
}

/** Whether a trial's folder may hold something: a run that goes on finds there what a killed one left. */
export function mayKeepFiles(trial: Trial | undefined): boolean {
  if (trial === undefined || trial.attempts === 0) return false;
  return isUnderWay(trial) || (trial.state === 'paused' && trial.checkpoint !== null);
}

/** Ends at once what commands of trials still live: none may outlive the search that started it. */
export async function endLeftCommands(folder: string): Promise<void> {
  const all = join(folder, 'trials');
  const trials = explainedSync('read the folder', all, () => namesIn(all));
  const ends = trials
    .map((trial) => join(all, trial, COMMAND_MARK))
    .filter((mark) => existsSync(mark))
    .map((mark) => endMarkedProcess(mark, { graceMs: 0, ask: null, group: true, forgottenMs: FORGOTTEN_MS }));
  await Promise.all(ends);
}

/** Bytes that are free for this process on the disk of `folder`. @throws InputError */
export function freeBytes(folder: string): number {
  return explainedSync('ask for the free space of', folder, () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  });
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function bytesOf(path: string): number {
  const stat = lstatSync(path);
  if (stat.isDirectory()) return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
  return Math.ceil(stat.size / blockBytes) * blockBytes;
}
