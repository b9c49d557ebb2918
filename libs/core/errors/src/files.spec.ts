/** What a stranger's path may be: devices, pipes, links, too much, in a place that takes nothing. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRegular, fileExists, InputError, makeFolder, readRegular } from './index.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  file = join(folder, 'config.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('readRegular', () => {
  it('gives the bytes of a file, also through a link', () => {
    writeFileSync(file, '{"é": 1}');
    symlinkSync(file, join(folder, 'link'));
    expect(readRegular(join(folder, 'link')).toString()).toBe('{"é": 1}');
    expect(checkRegular(file)).toBe(9);
    writeFileSync(file, '');
    expect(readRegular(file)).toHaveLength(0);
  });

  it('refuses a larger file before it is read, with both sizes', () => {
    writeFileSync(file, 'x');
    truncateSync(file, 5e12);
    expect(() => readRegular(file, 2e6)).toThrow(
      new InputError(
        `cannot read ${file}: it has 5,000,000 MB, and 2 MB is the most that such a file may have.`,
      ),
    );
    expect(() => readRegular(file)).toThrow('64 MB is the most');
    expect(checkRegular(file, Infinity)).toBe(5e12);
  });

  it('refuses folders and what is not there', () => {
    expect(() => readRegular(folder)).toThrow(`cannot read ${folder}: it is a folder; give a regular file.`);
    expect(() => readRegular(file)).toThrow(`cannot read ${file}: it does not exist (ENOENT)`);
  });

  it.runIf(existsSync('/dev/zero'))('refuses a device that never ends and a pipe that waits', () => {
    symlinkSync('/dev/zero', file);
    expect(() => readRegular(file)).toThrow(
      new InputError(`cannot read ${file}: it is a device; give a regular file.`),
    );
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => readRegular(pipe)).toThrow(`cannot read ${pipe}: it is a pipe; give a regular file.`);
  });
});

describe('fileExists', () => {
  it('says no where nothing is, and nothing where it cannot be told', () => {
    writeFileSync(file, '');
    expect([file, folder, join(folder, 'none'), join(folder, 'none/deeper')].map(fileExists)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const circle = join(folder, 'circle');
    symlinkSync(circle, circle);
    expect(() => fileExists(circle)).toThrow(
      `cannot look at ${circle}: its symbolic links form a loop (ELOOP)`,
    );
    expect(fileExists(join(file, 'below'))).toBe(false);
  });
});

describe('makeFolder', () => {
  it('makes what is missing and says whether anything was', () => {
    const deep = join(folder, 'a/b/c');
    expect([makeFolder(deep), makeFolder(deep), makeFolder('/')]).toEqual([true, false, false]);
    symlinkSync(deep, join(folder, 'link'));
    expect(makeFolder(join(folder, 'link'))).toBe(false);
    expect(makeFolder(join(folder, 'link/d'))).toBe(true);
    expect(existsSync(join(deep, 'd'))).toBe(true);
  });

  it('says what stands in the way', () => {
    writeFileSync(file, '');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    const reasons = {
      [file]: 'a file is where a folder should be (EEXIST)',
      [join(file, 'a/b')]: 'a part of its path is not a folder (ENOTDIR)',
      [join(folder, 'dangling/a')]: 'a file is where a folder should be (EEXIST)',
    };
    for (const [path, why] of Object.entries(reasons))
      expect(() => makeFolder(path)).toThrow(
        new InputError(`cannot make the folder ${path}: ${why}; choose another place for it.`),
      );
  });

  it.runIf(existsSync('/proc/self'))('ends where a folder’s parent is there and takes none', () => {
    for (const path of ['/proc/x', '/proc/x/y/z'])
      expect(() => makeFolder(path)).toThrow(
        new InputError(
          'cannot make the folder /proc/x: /proc takes no new folders; choose another place for it.',
        ),
      );
  });

  const unshare = (script: string) => spawnSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8' });
  it.runIf(unshare('true').status === 0)('names a read-only disk', () => {
    mkdirSync(join(folder, 'disk'));
    const module = new URL('../dist/index.js', import.meta.url).href;
    const program = `import('${module}').then(({ makeFolder }) => { try { makeFolder('disk/a/b') } catch (error) { console.log(error.message) } })`;
    const { stdout } = unshare(
      `cd ${folder} && mount -t tmpfs -o ro none disk && '${process.execPath}' -e "${program}"`,
    );
    expect(stdout).toBe(
      'cannot make the folder disk/a/b: the file system is read-only (EROFS); choose another place for it.\n',
    );
  });
});
