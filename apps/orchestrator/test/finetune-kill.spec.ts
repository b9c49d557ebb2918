/**
 * A run that was killed or interrupted, and started again, ends with the bits of one that was left alone.
 * Real processes and `kill -9`; tools/kill-test does the same twenty times.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointPlace, heldProcess, layerwiseProcess, sha256, temporaryFolder } from './command.js';

const WORDS = [
  'finetune',
  ...[
    '--original',
    'builtin:topic?rows=640&devRows=80',
    '--shifted',
    'builtin:agreement?rows=640&devRows=80',
  ],
  ...['--encoder', 'builtin:tiny', '--rates', '1e-3', '--epochs', '5', '--threads', '1', '--clip-norm', '5'],
  ...['--checkpoint-every', '10', '--json'],
];

const CHECKPOINTS = /checkpoint\.safetensors$/;

const digests = (folder: string): string[] =>
  [
    'encoder/model.safetensors',
    'heads.safetensors',
    'predictions-original-before.arrow',
    'predictions-shifted.arrow',
  ].map((file) => sha256(join(folder, file)));

const unbroken = mkdtempSync(join(tmpdir(), 'layerwise-unbroken-'));

beforeAll(async () => {
  const { code, stderr } = await layerwiseProcess(...WORDS, '--out', unbroken).ended;
  expect(code, stderr).toBe(0);
});

afterAll(() => rmSync(unbroken, { recursive: true }));

it('killed at random in both phases and while it writes results, it ends with the same bits', async () => {
  const folder = temporaryFolder();
  const killed: string[] = [];
  // A checkpoint at least so far into a phase of 200 steps, and then up to 30 ms or to the next one.
  const places = (['original', 'shifted'] as const).map((phase) => [phase, 1 + 90 * Math.random()] as const);
  for (const [phase, step] of places) {
    const { child, ended, heldAt, goOn } = heldProcess(CHECKPOINTS, ...WORDS, '--out', folder);
    await heldAt(() => {
      const place = checkpointPlace(folder);
      return place?.phase === phase && place.step >= step;
    });
    goOn();
    await new Promise((wake) => setTimeout(wake, 30 * Math.random()));
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    killed.push(checkpointPlace(folder)?.phase ?? 'nowhere');
  }
  const writing = heldProcess(/batches\.arrow$/, ...WORDS, '--out', folder);
  await writing.heldAt(() => existsSync(join(folder, 'batches.arrow')));
  writing.child.kill('SIGKILL');
  await writing.ended;
  expect(existsSync(join(folder, 'manifest.json'))).toBe(false);

  const { code, stdout, stderr } = await layerwiseProcess(...WORDS, '--out', folder).ended;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'complete',
    stepsOriginal: 200,
    stepsShifted: 200,
    reused: false,
  });
  expect(killed).toEqual(['original', 'shifted']);
  expect(digests(folder)).toEqual(digests(unbroken));
  expect(readdirSync(folder).sort()).toEqual(readdirSync(unbroken).sort());
});

it('SIGINT and SIGTERM stop it with a sentence and a checkpoint, and it goes on', async () => {
  const folder = temporaryFolder();
  for (const [signal, phase, task] of [
    ['SIGINT', 'original', 'topic'],
    ['SIGTERM', 'shifted', 'agreement'],
  ] as const) {
    const { child, ended, heldAt, release } = heldProcess(CHECKPOINTS, ...WORDS, '--out', folder);
    const before = await heldAt(() => {
      const place = checkpointPlace(folder);
      return place?.phase === phase && place.step >= 20 && place;
    });
    child.kill(signal);
    release();
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(1);
    const sentence = `Stopped after step \\d+ of the phase on ${task}; the same command continues from the checkpoint in `;
    expect(stderr).toMatch(new RegExp(`^layerwise: ${sentence}`, 'm'));
    expect((JSON.parse(stdout) as { error: string }).error).toMatch(new RegExp(`^${sentence}`));
    expect(checkpointPlace(folder)?.step).toBeGreaterThanOrEqual(before.step);
  }
  expect((await layerwiseProcess(...WORDS, '--out', folder).ended).code).toBe(0);
  expect(digests(folder)).toEqual(digests(unbroken));
});
