/**
 * `layerwise finetune --sequence`: the matrix that it prints and leaves, its numbers beside those of a pair,
 * and what it refuses.
 */
import { readdirSync } from 'node:fs';
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
