/** Files that never end or keep their reader waiting, wherever a command reads what somebody else wrote. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';

const ORIGINAL = 'builtin:agreement?rows=96&devRows=20&seed=1';
const TASKS = ['--original', ORIGINAL, '--shifted', 'builtin:topic?rows=96&devRows=20&seed=1'];
const SPACE = '{"lr":{"type":"float","low":0,"high":1}}';
const BERT = resolve(import.meta.dirname, '../../../libs/compute/model/fixtures/bert');

/** The sentence of a command that must refuse. */
async function refusal(...words: readonly string[]): Promise<string> {
  const { code, stderr } = await layerwise(...words);
  expect(code, stderr).toBe(2);
  return stderr.replace(/^layerwise: /, '').trim();
}

/** Stand in commands for what a test makes. */
const [DEVICE, FOLDER, OUT] = ['DEVICE', 'FOLDER', 'OUT'];

const hasDevices = existsSync('/dev/zero');

describe.runIf(hasDevices)('a link to a device', () => {
  it.each([
    ['x.json', ['search', '--command', 'true', '--trials', '1', '--space', DEVICE, '--out', OUT]],
    ['x.json', ['study', '--space', DEVICE]],
    ['x.json', ['groups', '--encoder', 'builtin:tiny', '--groups', DEVICE]],
    ['x.yaml', ['plan', '--preset', DEVICE]],
    ['x.arrow', ['show', DEVICE]],
    ['x.arrow', ['importance', DEVICE]],
    ['x.csv', ['combine', DEVICE, '--out', OUT]],
    ['journal.jsonl', ['search-status', FOLDER]],
    ['x.txt', ['pretrain', '--corpus', DEVICE, '--out', OUT]],
    ['manifest.json', ['finetune', ...TASKS, '--encoder', 'builtin:tiny', '--rates', '1', '--out', FOLDER]],
    ['combination.json', ['finetune', ...TASKS, '--encoder', 'builtin:tiny', '--rates-from', FOLDER]],
  ])('%s of %j', async (name, words) => {
    const there = temporaryFolder();
    const file = join(there, name);
    symlinkSync('/dev/zero', file);
    const places: Readonly<Record<string, string>> = {
      [FOLDER]: there,
      [DEVICE]: file,
      [OUT]: `${file}.out`,
    };
    expect(await refusal(...words.map((word) => places[word] ?? word))).toBe(
      `cannot read ${file}: it is a device; give a regular file.`,
    );
  });

  it('for points to begin with, and for the journal of a study', async () => {
    const folder = temporaryFolder();
    const [space, zero] = [join(folder, 'space.json'), join(folder, 'zero.json')];
    writeFileSync(space, SPACE);
    symlinkSync('/dev/zero', zero);
    const search = ['search', '--command', 'true', '--trials', '1', '--space', space];
    expect(await refusal(...search, '--given', zero, '--out', join(folder, 'out'))).toContain(
      `cannot read ${zero}: it is a device`,
    );
    expect(await refusal('study', '--space', space, '--journal', zero)).toContain(
      `cannot read ${zero}: it is a device`,
    );
  });
});

describe.runIf(hasDevices)('an encoder folder', () => {
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
  const kinds: readonly [string, (file: string) => void, string][] = [
    ['a link to a device', (file) => symlinkSync('/dev/zero', file), 'it is a device'],
    ['a pipe', (file) => execFileSync('mkfifo', [file]), 'it is a pipe'],
  ];
  it.each(files.flatMap((name) => kinds.map(([kind, make, why]) => ({ name, kind, make, why }))))(
    'whose $name is $kind',
    async ({ name, make, why }) => {
      const out = temporaryFolder();
      const folder = join(out, 'encoder');
      cpSync(BERT, folder, { recursive: true });
      rmSync(join(folder, name), { force: true });
      make(join(folder, name));
      const sentence = `cannot read ${join(folder, name)}: ${why}; give a regular file.`;
      const words = ['--encoder', folder, '--out', join(out, 'out')];
      expect(await refusal('finetune', ...TASKS, '--rates', '1e-3', ...words)).toBe(sentence);
      expect(await refusal('stage', 'embed', '--task', ORIGINAL, ...words)).toBe(sentence);
    },
  );

  it('whose config.json has a terabyte', async () => {
    const folder = join(temporaryFolder(), 'encoder');
    cpSync(BERT, folder, { recursive: true });
    truncateSync(join(folder, 'config.json'), 1e12);
    expect(await refusal('groups', '--encoder', folder)).toBe(
      `cannot read ${join(folder, 'config.json')}: it has 1,000,000 MB, and 64 MB is the most that such a file may have.`,
    );
  });
});

it.runIf(existsSync('/proc/self'))(
  'an output folder in /proc is refused, and so is one below a file',
  async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'in'));
    const file = join(folder, 'in', 'space.json');
    writeFileSync(file, SPACE);
    const commands = [
      ['finetune', ...TASKS, '--encoder', 'builtin:tiny', '--rates', '1e-3'],
      ['search', '--command', 'true', '--trials', '1', '--space', file],
      ['stage', 'dataset-shift', ...TASKS],
    ];
    for (const words of commands) {
      expect(await refusal(...words, '--out', '/proc/x/y')).toBe(
        'cannot make the folder /proc/x: /proc takes no new folders; choose another place for it.',
      );
      expect(await refusal(...words, '--out', join(file, 'x'))).toMatch(
        /(a part of its path is not a folder|a file is where a folder should be) \(/,
      );
    }
  },
);
