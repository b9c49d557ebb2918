/** No command outlives a search that was stopped, whatever became of the worker that was to end it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProcessExecutor } from '@layerwise/workers';
import { expect, it } from 'vitest';
import { open, place, search, useFolder } from '../../test/search-in-folder.js';
import { COMMAND_OBJECTIVE_MODULE } from '../programs/command-objective.js';
import type { RunEnd, RunRequest } from './objective.js';

useFolder();

/** They say the numbers of the shell and of what it starts, which hears no SIGTERM. */
const commands = {
  'both are deaf': `trap '' TERM; sleep 300 & echo "$$ $!" > "$PIDS.new" && mv "$PIDS.new" "$PIDS"; wait`,
  'the shell ends, and what it started does not': `(trap '' TERM; exec sleep 300) & sleep 0.1; echo "$$ $!" > "$PIDS.new" && mv "$PIDS.new" "$PIDS"; wait`,
};
const commandGraceMs = 200;

/** One that is dead, and that nobody has asked how it ended, does not live. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Stops a search in its first run. @returns the processes of its command that live */
async function leftOf(command: string, graceMs: number): Promise<readonly number[]> {
  const pids = join(place.folder, 'pids');
  const executor = await createProcessExecutor<RunRequest, RunEnd>({
    module: COMMAND_OBJECTIVE_MODULE,
    configuration: { command, directory: place.folder, graceMs: commandGraceMs },
    workers: 1,
    logFolder: join(place.folder, 'workers'),
    env: { ...process.env, PIDS: pids },
  });
  const controller = new AbortController();
  const ended = search({ study: open(), executor, signal: controller.signal, graceMs });
  while (!existsSync(pids)) await new Promise((wake) => setTimeout(wake, 5));
  controller.abort();
  expect(await ended).toEqual({ kind: 'interrupted' });
  const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
  expect(started).toHaveLength(2);
  return started.filter(isAlive);
}

it.each(Object.entries(commands))(
  'ten stops leave no process, be the worker killed at once, with the command, or not at all: %s',
  async (_, command) => {
    const whole = place.folder;
    const left: number[] = [];
    for (let stop = 0; stop < 10; stop++) {
      place.folder = join(whole, `${stop}`);
      left.push(...(await leftOf(command, [0, commandGraceMs, 20_000][stop % 3]!)));
    }
    place.folder = whole;
    expect(left).toEqual([]);
  },
  240_000,
);
