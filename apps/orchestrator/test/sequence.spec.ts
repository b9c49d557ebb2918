/**
 * `layerwise finetune --sequence`: the matrix that it prints and leaves, its numbers beside those of a pair,
 * and what it refuses.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';

const [TOPIC, AGREEMENT] = ['builtin:topic?rows=32&devRows=16', 'builtin:agreement?rows=32&devRows=16'];
const COMMON = ['--encoder', 'builtin:tiny', '--threads', '1', '--rates', '1e-3', '--epochs', '1'];
const sequence = (tasks: string, ...words: string[]) =>
  layerwise('finetune', '--sequence', tasks, ...COMMON, ...words);

describe('finetune --sequence', () => {
  it('of two tasks prints the numbers of the pair, and does nothing twice', async () => {
    const out = temporaryFolder();
    const { code, stdout } = await sequence(`${TOPIC}, ${AGREEMENT}`, '--out', out, '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as { matrix: (number | null)[][] };
    const pairWords = ['--original', TOPIC, '--shifted', AGREEMENT, ...COMMON, '--out', temporaryFolder()];
    const pair = JSON.parse((await layerwise('finetune', ...pairWords, '--json')).stdout) as Record<
      string,
      number
    >;
    expect(found).toEqual({
      status: 'complete',
      sequence: ['topic', 'agreement'],
      method: 'plain',
      seed: 1,
      matrix: [
        [pair['accuracyOriginalBefore'], null],
        [pair['accuracyOriginal'], pair['accuracyShifted']],
      ],
      out,
      reused: false,
    });
    expect(readdirSync(out).sort()).toEqual([
      ...['accuracy-matrix.arrow', 'encoder', 'heads-initial.safetensors', 'heads.safetensors'],
      ...['history.arrow', 'manifest.json'],
    ]);
    const again = await sequence(`${TOPIC},${AGREEMENT}`, '--out', out);
    expect(again.stdout).toContain('This run was finished before; --fresh runs it again.');
    expect(again.stdout).toMatch(/after agreement +[\d.]+ % +[\d.]+ %/);
    const other = await sequence(`${AGREEMENT},${TOPIC}`, '--out', out);
    expect(other.stderr).toContain('holds the results of a run with other settings or data');
  });

  it('takes a method', async () => {
    const words = ['--method', 'replay', '--replay-share', '0.5', '--out', temporaryFolder()];
    const { stdout } = await sequence([TOPIC, AGREEMENT, TOPIC].join(), ...words);
    expect(stdout).toContain('method replay');
    expect(stdout).toMatch(/after topic +[\d.]+ % +- +-\n/);
  });

  it.each([
    [['builtin:topic'], 'two tasks or more'],
    [['builtin:topic,'], 'two tasks or more'],
    [[`${TOPIC},${AGREEMENT}`, '--shifted', TOPIC], '--shifted belongs to a pair of tasks'],
    [[`${TOPIC},${AGREEMENT}`, '--dump-graph'], '--dump-graph belongs to a pair of tasks'],
    [
      [`${TOPIC},${AGREEMENT}`, '--shifted-text-column', 'x'],
      '--shifted-text-column is for one task of a pair',
    ],
    [[`${TOPIC},${AGREEMENT}`, '--method', 'joint'], 'joint is made for two tasks'],
  ])('refuses %j', async ([tasks = '', ...words], sentence) => {
    const { code, stderr } = await sequence(tasks, '--out', temporaryFolder(), ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});

describe('stage sequence', () => {
  const stage = (...words: string[]) =>
    layerwise('stage', 'sequence', '--encoder', 'builtin:tiny', '--threads', '1', '--epochs', '1', ...words);
  const bytes = (...path: string[]): Buffer => readFileSync(join(...path));

  it('on its own has the weights of finetune --sequence, and is skipped when nothing has changed', async () => {
    const [out, command] = [temporaryFolder(), temporaryFolder()];
    const words = ['--tasks', TOPIC, AGREEMENT, TOPIC, '--rates', '1e-3', '--out', out, '--json'];
    const { code, stdout } = await stage(...words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stage: 'sequence', skipped: false });
    await sequence([TOPIC, AGREEMENT, TOPIC].join(), '--out', command);
    for (const file of ['encoder/model.safetensors', 'heads.safetensors', 'heads-initial.safetensors'])
      expect(bytes(out, file).equals(bytes(command, file)), file).toBe(true);
    const table = ({ stdout: shown }: { readonly stdout: string }) => shown.split('\n').slice(1);
    expect(table(await layerwise('show', join(out, 'accuracy-matrix.arrow')))).toEqual(
      table(await layerwise('show', join(command, 'accuracy-matrix.arrow'))),
    );
    expect(JSON.parse((await stage(...words)).stdout)).toMatchObject({ skipped: true });
  });

  it('in a preset reads the tasks of other entries', async () => {
    const folder = temporaryFolder();
    const preset = join(folder, 'two.yaml');
    const entry = [
      '  tasks: [datasets/original, datasets/shifted]',
      '  encoder: builtin:tiny',
      '  epochs: 1',
    ];
    const tasks = [`  original: ${TOPIC}`, `  shifted: ${AGREEMENT}`];
    writeFileSync(preset, ['datasets:', ...tasks, 'sequence:', ...entry, ''].join('\n'));
    const words = ['--preset', preset, '--data-cache', folder];
    expect((await layerwise('run', ...words, '--json')).code).toBe(0);
    expect(readdirSync(join(folder, 'two', 'sequence'))).toContain('accuracy-matrix.arrow');
    expect((await layerwise('plan', ...words)).stdout).toContain('sequence');
  });

  it('refuses one task', async () => {
    const { code, stderr } = await stage('--tasks', TOPIC, '--out', temporaryFolder());
    expect([code, stderr]).toEqual([2, expect.stringContaining('takes two tasks or more')]);
  });
});
