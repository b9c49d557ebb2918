import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isProcessAlive, processStart, takeLock } from './index.js';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locks-'));
  lock = join(folder, 'place.lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The number of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('a lock', () => {
  it('is one holder’s, until it gives it back', () => {
    const release = takeLock(lock, 'the place');
    expect(() => takeLock(lock, 'the place')).toThrow(
      `the place is being written by process ${process.pid}: wait for it, or delete ${lock} if there is none.`,
    );
    release();
    release();
    expect(readdirSync(folder)).toEqual([]);
    takeLock(lock, 'the place')();
  });

  it('is taken over from a process that is gone, or whose number another has by now', () => {
    writeFileSync(lock, `${hostname()}\n${endedProcess()}\n`);
    takeLock(lock, 'the place')();
    writeFileSync(lock, `${hostname()}\n${process.pid}\n1`);
    takeLock(lock, 'the place')();
    writeFileSync(lock, 'no lock at all');
    takeLock(lock, 'the place')();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that has ended and that its parent has not asked for', async () => {
    // The shell becomes a sleep, which never asks for the child that it left.
    const parent = spawn('sh', ['-c', '(exit 0) & echo $!; exec sleep 60']);
    try {
      const [data] = (await once(parent.stdout, 'data')) as [Buffer];
      const zombie = Number(data.toString());
      await vi.waitFor(() => {
        expect(isProcessAlive(zombie)).toBe(false);
      });
      writeFileSync(lock, `${hostname()}\n${zombie}\n1`);
      takeLock(lock, 'the place')();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('is taken over where the one that took it over was killed at it', () => {
    writeFileSync(lock, `${hostname()}\n${endedProcess()}\n`);
    writeFileSync(`${lock}.removing`, `${hostname()}\n${endedProcess()}\n`);
    takeLock(lock, 'the place')();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays where its process is on another host', () => {
    writeFileSync(lock, 'elsewhere\n7\n');
    expect(() => takeLock(lock, 'the place')).toThrow('by process 7 on elsewhere');
    expect(existsSync(lock)).toBe(true);
  });

  it('stays where its process is in another container on this host', () => {
    const elsewhere = [hostname(), endedProcess(), '1', 'x', 'pid:[1]'].join('\n');
    writeFileSync(lock, elsewhere);
    expect(() => takeLock(lock, 'the place')).toThrow(/is being written by process \d+ of another container/);
    expect(readFileSync(lock, 'utf8')).toBe(elsewhere);
  });

  it('stays another’s that came into its place', () => {
    const release = takeLock(lock, 'the place');
    writeFileSync(lock, 'elsewhere\n7\n');
    release();
    expect(existsSync(lock)).toBe(true);
  });

  it('that cannot be written is one sentence', () => {
    expect(() => takeLock(join(folder, 'none', 'x.lock'), 'the place')).toThrow(/^cannot write .*x\.lock/i);
  });
});

it('lets one of many processes in, however many of them die', async () => {
  const contender = join(import.meta.dirname, '../test/contender.mjs');
  const gone = String(endedProcess());
  const contend = async (): Promise<{ held: number; left: number; together: number }> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      contender,
      lock,
      join(folder, 'marker'),
      '3',
      gone,
    ]);
    return JSON.parse(stdout) as { held: number; left: number; together: number };
  };
  const counts = await Promise.all([1, 2, 3, 4, 5, 6].map(contend));
  const sum = (name: 'held' | 'left' | 'together') => counts.reduce((all, one) => all + one[name], 0);
  expect(sum('held')).toBeGreaterThan(100);
  expect(sum('left')).toBeGreaterThan(30);
  expect(sum('together')).toBe(0);
});

it('waits for one that is removing a lock, and gives up with a sentence', () => {
  const stale = `${hostname()}\n${endedProcess()}\n`;
  writeFileSync(lock, stale);
  writeFileSync(`${lock}.removing`, `${hostname()}\n${process.ppid}\n`);
  expect(() => takeLock(lock, 'the place')).toThrow(
    'the place is being opened by several processes at once: try again.',
  );
  expect(readFileSync(lock, 'utf8')).toBe(stale);
});

it('knows processes by number and start time', () => {
  expect(isProcessAlive(process.pid)).toBe(true);
  expect(isProcessAlive(endedProcess())).toBe(false);
  expect(processStart(process.pid)).toBe(processStart(process.pid));
  expect(processStart(endedProcess())).toBeNull();
});
