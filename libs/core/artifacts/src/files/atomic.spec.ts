// A file is whole or absent: what a failure, a kill and a reader in between see.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@layerwise/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  isTemporaryName,
  lockName,
  removeLeftovers,
  writeAtomically,
  writeFileAtomically,
  writeFully,
} from './atomic.js';
import { digestOfFolder } from './digest.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
  file = join(folder, 'notes.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('text, bytes and the result of the callback arrive; missing folders are made', async () => {
  await writeFileAtomically(file, 'tide: «low»\n');
  expect(await readFile(file, 'utf8')).toBe('tide: «low»\n');
  const deep = join(folder, 'a', 'b', 'bytes');
  await writeFileAtomically(deep, Uint8Array.of(0, 255, 7).subarray(1));
  expect([...(await readFile(deep))]).toEqual([255, 7]);
  const result = await writeAtomically(file, async (handle) => {
    await writeFully(handle, Buffer.from('one '));
    await writeFully(handle, Buffer.from('two'));
    return 7;
  });
  expect(result).toBe(7);
  expect(await readFile(file, 'utf8')).toBe('one two');
});

test('while it is written the old file is there, and after a failure it still is, without a temporary file', async () => {
  await writeFile(file, 'old');
  const failing = writeAtomically(file, async (handle) => {
    await handle.write('half of the new');
    expect(await readFile(file, 'utf8')).toBe('old');
    const names = await readdir(folder);
    expect(names).toHaveLength(2);
    expect(names.filter(isTemporaryName)).toHaveLength(1);
    throw new RangeError('the source dried up');
  });
  await expect(failing).rejects.toThrow(new RangeError('the source dried up'));
  expect(await readdir(folder)).toEqual(['notes.json']);
  expect(await readFile(file, 'utf8')).toBe('old');
});

test('system errors become sentences that name the file', async () => {
  await writeFile(file, 'a file, not a folder');
  const below = join(file, 'x.json');
  const error: unknown = await writeFileAtomically(below, 'x').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).toBe(
    `cannot make the folder ${file}: a file is where a folder should be (EEXIST); choose another place for it.`,
  );
  await expect(writeFileAtomically(folder, 'x')).rejects.toThrow(
    /^cannot write .*: it is a folder \(EISDIR\)$/,
  );
});

test('a process killed while writing leaves the old file and one recognisable, harmless temporary file', async () => {
  await writeFile(file, 'old');
  const before = await digestOfFolder(folder);
  // The child writes half and then says so; it is killed there.
  const child = spawn(process.execPath, ['--input-type=module', '--eval', killedWriter], {
    env: { ...process.env, FILE: file, MODULE: new URL('../../dist/files/atomic.js', import.meta.url).href },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readFile(file, 'utf8')).toBe('old');
  const left = (await readdir(folder)).filter((name) => name !== 'notes.json');
  expect(left).toHaveLength(1);
  expect(left.every(isTemporaryName)).toBe(true);
  expect(await digestOfFolder(folder)).toBe(before);
  await writeFileAtomically(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
});

const killedWriter = `
  const { writeAtomically } = await import(process.env.MODULE);
  await writeAtomically(process.env.FILE, async (handle) => {
    await handle.write('half');
    process.stdout.write('half');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
`;

test('only such names are temporary', () => {
  expect(isTemporaryName('.train.arrow.4711-0123456789ab.layerwise-tmp')).toBe(true);
  for (const name of [
    'train.arrow',
    '.train.arrow.tmp',
    'train.arrow.4711-0123456789ab.layerwise-tmp',
    '.layerwise-tmp',
  ]) {
    expect(isTemporaryName(name)).toBe(false);
  }
});

test('what a dead process left half-written goes, what a live one writes stays', async () => {
  const { pid: gone } = spawnSync(process.execPath, ['-e', '']);
  const temporary = (pid: number) => `.notes.json.${pid}-0123456789ab.layerwise-tmp`;
  await writeFileAtomically(join(folder, 'deep', 'x.json'), 'x');
  for (const pid of [gone, process.ppid, process.pid]) {
    await writeFile(join(folder, temporary(pid)), 'half');
    await writeFile(join(folder, 'deep', temporary(pid)), 'half');
  }
  await mkdir(join(folder, 'locked'));
  await writeFile(join(folder, 'locked', lockName), 'elsewhere\n7\n');
  await writeFile(join(folder, 'locked', temporary(gone)), 'half');
  // This process writes one now; the one of its number that it does not know is of an earlier process.
  await writeAtomically(file, async (handle) => {
    await removeLeftovers(folder);
    await handle.write('whole');
  });
  expect(await readFile(file, 'utf8')).toBe('whole');
  expect((await readdir(folder)).sort()).toEqual([temporary(process.ppid), 'deep', 'locked', 'notes.json']);
  expect(await readdir(join(folder, 'locked'))).toHaveLength(2);
  expect((await readdir(join(folder, 'deep'))).sort()).toEqual([temporary(process.ppid), 'x.json']);
});
