/** What becomes of a command whose stdout or stderr cannot be written, or is read no more. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './command.js';

const SCRIPT = resolve(import.meta.dirname, '../bin/layerwise.js');
const GROUPS = 'groups --encoder builtin:tiny';
const TASKS =
  "--original 'builtin:agreement?rows=24&devRows=8&seed=1' --shifted 'builtin:topic?rows=24&devRows=8&seed=1'";
const FINETUNE = `finetune ${TASKS} --encoder builtin:tiny --epochs 1 --rates 1e-3`;

/** Runs `layerwise` with these words and redirections in a shell that stands in `folder`. */
function shell(words: string, folder = temporaryFolder(), input = '') {
  const command = `"$NODE" "$SCRIPT" ${words}`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT };
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: folder,
    env,
    input,
    encoding: 'utf8',
  });
  // The first call after a change of the sources builds, and says so.
  return { code: status, stdout, stderr: stderr.replace(/^layerwise: building .*\n/, '') };
}

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  const lost = 'layerwise: cannot write the answer to stdout: the disk is full (ENOSPC).';

  it('under stdout is one sentence, and exit code 1', () => {
    expect(shell(`${GROUPS} >/dev/full`)).toMatchObject({ code: 1, stderr: `${lost} The work is done.\n` });
    expect(shell('--help >/dev/full')).toMatchObject({ code: 1, stderr: `${lost} The work is done.\n` });
  });

  it('under stdout does not undo what was written, and the sentence says where it is', () => {
    const folder = temporaryFolder();
    const { code, stderr } = shell(`${FINETUNE} --out done --json >/dev/full`, folder);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toBe(`${lost} The work is done, and its results are in done.`);
    expect(existsSync(join(folder, 'done/manifest.json'))).toBe(true);
  });

  it('under stderr ends nothing, and changes no exit code', () => {
    const { code, stdout } = shell(`${FINETUNE} --out done 2>/dev/full`);
    expect(code).toBe(0);
    expect(stdout).toContain('p_o');
    const refused = shell('finetune --original nowhere --json 2>/dev/full');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toHaveProperty('error');
    expect(shell(`${GROUPS} >/dev/full 2>&1`).code).toBe(1);
  });

  it('under the answers of a study is one sentence', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'space.json'), '{"lr":{"type":"float","low":0,"high":1}}');
    const { code, stderr } = shell('study --space space.json >/dev/full', folder, '{"ask":1}\n');
    expect(code).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toBe(
      'layerwise: cannot write an answer to stdout: the disk is full (ENOSPC)',
    );
  });
});

it('a stage that is done is so, where its pictures cannot be drawn', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'out/plots'), 'in the way');
  const stage = "stage length-shift --task 'builtin:agreement?rows=60&devRows=40&seed=1' --out out";
  const { code, stdout, stderr } = shell(stage, folder);
  expect(stderr).toContain('length-shift: all is written but the pictures, which the same command draws: ');
  expect(stderr).toContain('cannot make the folder out/plots: a file is where a folder should be');
  expect(stdout).toContain('length-shift wrote');
  expect(code).toBe(0);
  rmSync(join(folder, 'out/plots'));
  expect(shell(stage, folder)).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'out/plots/manifest.json'))).toBe(true);
});

it('a reader that has enough is no failure', () => {
  for (let i = 0; i < 3; i++) expect(shell(`${GROUPS} | head -1`)).toMatchObject({ code: 0, stderr: '' });
  expect(shell(`${GROUPS} >&-`)).toMatchObject({ code: 0, stderr: '' });
});

const unshare = (script: string) => spawnSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8' });
describe.runIf(unshare('true').status === 0)('a read-only disk', () => {
  it.each([
    `${FINETUNE} --out disk/x`,
    `search --command true --space space.json --trials 1 --out disk/x`,
    `stage dataset-shift ${TASKS} --out disk/x`,
    'study --space space.json --journal disk/x.jsonl',
  ])('is named by %s', (words) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'space.json'), '{"lr":{"type":"float","low":0,"high":1}}');
    const { stderr, status } = unshare(
      `cd ${folder} && mkdir disk && mount -t tmpfs -o ro none disk && '${process.execPath}' '${SCRIPT}' ${words}`,
    );
    expect(stderr).toMatch(
      /^layerwise: cannot (make the folder|write) [^\n]*: the file system is read-only \(EROFS\)[^\n]*\n$/,
    );
    expect(status).toBe(2);
  });
});
