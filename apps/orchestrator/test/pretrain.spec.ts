/**
 * `layerwise pretrain` as a person calls it: an encoder that `finetune` opens, done once, refused where it
 * does not fit.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyOutputs } from '@layerwise/artifacts';
import { openEncoder } from '@layerwise/model';
import { layerwise } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'layerwise-pretrain-'));
const corpus = join(folder, 'corpus');
const out = join(folder, 'encoder');

beforeAll(() => {
  mkdirSync(corpus);
  const lines = ['The river rose in the night.', 'The mill stood by the river. The miller slept.'];
  writeFileSync(join(corpus, 'a.txt'), `${Array.from({ length: 40 }, () => lines.join('\n')).join('\n')}\n`);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const words = (...more: string[]): string[] => [
  ...[
    'pretrain',
    '--corpus',
    corpus,
    '--layers',
    '1',
    '--hidden',
    '16',
    '--heads',
    '2',
    '--intermediate',
    '32',
  ],
  ...[
    '--vocabulary',
    '60',
    '--positions',
    '16',
    '--length',
    '12',
    '--batch',
    '8',
    '--steps',
    '4',
    '--held-out',
  ],
  ...['0.2', '--evaluate-every', '2', '--threads', '1', '--out', out, '--json', ...more],
];

it('makes an encoder that finetune opens, and makes it once', async () => {
  const { code, stdout } = await layerwise(...words('--half'));
  expect(code).toBe(0);
  const found = JSON.parse(stdout) as Record<string, number>;
  expect(found).toMatchObject({ steps: 4, tokens: 4 * 8 * 12, reused: false, out });
  expect(found['heldOutLoss']).toBeGreaterThan(0);

  const encoder = openEncoder(out);
  expect(encoder.config).toMatchObject({
    layers: 1,
    hiddenSize: 16,
    attentionHeads: 2,
    maximumPositions: 16,
  });
  expect(encoder.config.raw['architectures']).toEqual(['BertForMaskedLM']);
  const floats = encoder.tensors.shapes.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  // Two bytes a weight, the head's 16 · 16 + 3 · 16 + 60 among them, and the header.
  expect(statSync(encoder.file).size).toBeLessThan(2 * (floats + 400) + 4096);

  const { outputs, stage } = await verifyOutputs(out);
  expect(stage).toBe('pretrain');
  expect(outputs.map(({ file }) => file)).toEqual([
    ...['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt'],
    ...['curve.arrow', 'curve.svg', 'curve.png'],
  ]);
  expect(existsSync(join(out, 'checkpoint.safetensors'))).toBe(false);

  const again = await layerwise(...words('--half'));
  expect(JSON.parse(again.stdout)).toEqual({ ...found, reused: true });

  const tasks = [
    '--original',
    'builtin:topic?rows=32&devRows=8',
    '--shifted',
    'builtin:agreement?rows=32&devRows=8',
  ];
  const tuned = await layerwise(
    ...['finetune', ...tasks, '--encoder', out, '--max-length', '16', '--epochs', '1', '--threads', '1'],
    ...['--out', join(folder, 'tuned'), '--json'],
  );
  expect(JSON.parse(tuned.stdout)).toMatchObject({ status: 'complete' });
});

it('refuses a folder that holds another run, until it is told to start over', async () => {
  const { code, stderr } = await layerwise(...words('--half', '--rate', '1e-3'));
  expect(code).toBe(2);
  expect(stderr).toContain(`${out} holds the results of a run with other settings or text`);
  expect((await layerwise(...words('--rate', '1e-3', '--fresh'))).code).toBe(0);
});

it('goes on from another encoder', async () => {
  const later = join(folder, 'later');
  const { stdout } = await layerwise(...words('--from', out, '--out', later));
  expect(JSON.parse(stdout)).toMatchObject({ steps: 4, reused: false });
  expect(openEncoder(later).config.vocabularySize).toBe(openEncoder(out).config.vocabularySize);
});

it('learns the vectors of a teacher, and says how near it came', async () => {
  const sentences = Array.from({ length: 60 }, (_, i) => `The river rose ${i} in the night.`);
  writeFileSync(join(folder, 'different.txt'), `${sentences.join('\n')}\n`);
  const taught = join(folder, 'taught');
  const lesson = ['--corpus', join(folder, 'different.txt'), '--teacher', out, '--out', taught];
  const { code, stdout } = await layerwise(...words(...lesson, '--from', out));
  expect(code).toBe(0);
  const found = JSON.parse(stdout) as Record<string, number>;
  expect(Math.abs(found['heldOutCosine'] ?? 2)).toBeLessThanOrEqual(1);
  const { outputs } = await verifyOutputs(taught);
  expect(outputs.map(({ file }) => file)).toContain('model.safetensors');
  expect(existsSync(join(taught, 'teacher-vectors'))).toBe(false);

  const both = await layerwise(...words(...lesson, '--summarise'));
  expect(both.code).toBe(2);
  expect(both.stderr).toContain('leave --summarise out');
});

it.each([
  [['--corpus', '/nowhere'], /There is no folder \/nowhere/],
  [['--length', '32'], /do not fit an encoder of 16 positions; lower --length or raise --positions/],
  [['--vocabulary', '10'], /has no room for the \d+ letters.*raise --vocabulary/],
  [['--heads', '3'], /the heads must divide the hidden size/],
  [['--masking', 'none'], /--masking/],
])('%s is refused in a sentence', async (wrong, sentence) => {
  const { code, stderr } = await layerwise(...words('--out', join(folder, 'wrong'), ...wrong));
  expect(code).toBe(2);
  expect(stderr).toMatch(sentence);
});
