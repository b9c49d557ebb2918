/**
 * `layerwise finetune` and the stage of that name, from words to files: what it prints, leaves and refuses.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { layerwise, temporaryFolder, type Answer } from './command.js';

const TASKS = [
  ...['--original', 'builtin:topic?rows=64&devRows=16', '--shifted', 'builtin:agreement?rows=32&devRows=16'],
  ...['--encoder', 'builtin:tiny', '--threads', '1'],
];
const finetune = (...words: string[]): Promise<Answer> => layerwise('finetune', ...TASKS, ...words);

describe('finetune --json', () => {
  it('prints one object with accuracies, reward and speeds, and does nothing twice', async () => {
    const out = temporaryFolder();
    const words = ['--rates', '1e-3', '--epochs', '2', '--seed', '5', '--out', out, '--json'];
    const { code, stdout, stderr } = await finetune(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const found = JSON.parse(stdout) as Record<string, number>;
    expect(found).toMatchObject({
      status: 'complete',
      original: 'topic',
      shifted: 'agreement',
      trainRowsOriginal: 64,
      trainRowsShifted: 32,
      devRowsOriginal: 16,
      devRowsShifted: 16,
      stepsOriginal: 8,
      stepsShifted: 4,
      divergedIn: null,
      divergedAtStep: null,
      checkpoint: null,
      seed: 5,
      out,
      reused: false,
    });
    const { accuracyOriginalBefore, accuracyOriginal, accuracyShifted, reward } = found;
    for (const accuracy of [accuracyOriginalBefore, accuracyOriginal, accuracyShifted]) {
      expect(accuracy).toBeGreaterThanOrEqual(0);
      // Counts of 16 rows.
      expect((accuracy ?? Number.NaN) * 16).toBe(Math.round((accuracy ?? 0) * 16));
    }
    expect(reward).toBe((accuracyOriginal ?? 0) + (accuracyShifted ?? 0));
    const { samplesPerSecondOriginal, samplesPerSecondShifted, secondsOriginal, secondsShifted } = found;
    expect(samplesPerSecondOriginal).toBeCloseTo(128 / (secondsOriginal ?? 0), 6);
    expect(samplesPerSecondShifted).toBeCloseTo(64 / (secondsShifted ?? 0), 6);
    expect(found['peakMemoryMb']).toBeGreaterThan(50);

    const again = await finetune(...words);
    expect(JSON.parse(again.stdout)).toEqual({ ...found, reused: true });
    // Another order of --checkpoint-every and --json, which decide nothing, is the same run.
    const people = await finetune(...words.slice(0, -1), '--checkpoint-every', '3');
    expect(people.stdout).toContain('This run was finished before; --fresh runs it again.');
    const fresh = JSON.parse((await finetune(...words, '--fresh')).stdout) as Record<string, unknown>;
    expect(fresh).toMatchObject({ accuracyOriginalBefore, accuracyOriginal, accuracyShifted, reused: false });
  });

  it('with --classifiers and --dump-graph leaves their files too, also after a run without', async () => {
    const out = temporaryFolder();
    const words = ['--epochs', '1', '--out', out, '--json'];
    expect((await finetune(...words)).code).toBe(0);
    expect(existsSync(join(out, 'classifier-original'))).toBe(false);
    const screen = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect((await finetune(...words, '--classifiers', '--dump-graph')).code).toBe(0);
    const printed = screen.mock.calls.map(([text]) => String(text)).join('');
    screen.mockRestore();
    expect(printed).toContain('gradient:head.original.weight: float32[4, 64]');
    for (const file of [
      'train.onnx',
      'classifier-original/config.json',
      'classifier-shifted/model.safetensors',
    ]) {
      expect(existsSync(join(out, file)), file).toBe(true);
    }
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      outputs: { file: string }[];
    };
    expect(manifest.outputs.map(({ file }) => file)).toContain('classifier-shifted/model.safetensors');
  });

  it('calls divergence a result: exit 0, status, nulls, the last good checkpoint', async () => {
    const out = temporaryFolder();
    const wild = [
      '--rates',
      '1e30',
      '--optimizer',
      'sgd',
      '--schedule',
      'constant',
      '--checkpoint-every',
      '1',
    ];
    const { code, stdout } = await finetune(...wild, '--out', out, '--json');
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as Record<string, unknown>;
    expect(found).toMatchObject({
      status: 'diverged',
      divergedIn: 'original',
      accuracyOriginalBefore: null,
      accuracyOriginal: null,
      accuracyShifted: null,
      reward: null,
      checkpoint: join(out, 'checkpoint.safetensors'),
    });
    expect(found['rates']).toEqual([1e30, null, null, null, 1e30, null, null, null, 1e30, 1e30]);
    expect(existsSync(join(out, 'checkpoint.safetensors'))).toBe(true);

    const people = await finetune(...wild, '--out', out);
    expect(people.code).toBe(0);
    expect(people.stdout).toMatch(/Training diverged at step \d+ of the phase original \(rates 1e\+30, -, -/);
    expect(people.stdout).toContain(`The last good checkpoint is ${join(out, 'checkpoint.safetensors')}.`);
  });
});

it('for people it says what the figures are, and that random weights show the mechanism alone', async () => {
  const { code, stdout } = await finetune('--epochs', '1', '--out', temporaryFolder());
  expect(code).toBe(0);
  expect(stdout).toContain('small one with random weights');
  for (const words of [
    'topic, then agreement',
    'before the second phase',
    '(p_o)',
    '(p_s)',
    'reward p_o + p_s',
  ]) {
    expect(stdout).toContain(words);
  }
});

it('under the method single asks for each task its own encoder, and none for both', async () => {
  const words = ['--rates', '1e-3', '--epochs', '1', '--method', 'single', '--out', temporaryFolder()];
  const { code, stdout } = await finetune(...words);
  expect(code).toBe(0);
  expect(stdout).toContain('topic, then agreement, method single');
  expect(stdout).toMatch(/before the second phase +[\d.]+ %/);
  expect(stdout).toMatch(/after it \(p_o\) +-\n/);
  expect(stdout).toMatch(/on agreement \(p_s\) +[\d.]+ %\n/);
});

it('takes a pair of tasks as one folder', async () => {
  const cache = temporaryFolder();
  const tasks = TASKS.slice(0, 4);
  expect((await layerwise('stage', 'datasets', ...tasks, '--out', join(cache, 'pair'))).code).toBe(0);
  const words = ['--epochs', '1', '--json', '--out'];
  const apart = JSON.parse((await finetune(...words, temporaryFolder())).stdout) as Record<string, unknown>;
  const pair = ['--pair', join(cache, 'pair'), ...TASKS.slice(4)];
  const { stdout } = await layerwise('finetune', ...pair, ...words, temporaryFolder());
  const { accuracyOriginal, accuracyShifted, reward } = apart;
  expect(JSON.parse(stdout)).toMatchObject({ original: 'topic', accuracyOriginal, accuracyShifted, reward });
});

describe('one sentence and exit 2 refuse', () => {
  const refuse = async (sentence: RegExp, ...words: string[]): Promise<void> => {
    const { code, stdout, stderr } = await finetune('--epochs', '1', '--json', ...words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({ error: expect.stringMatching(/^[^\n]+$/) as string });
  };

  it('rates, groups, tasks and encoders that there are none of', async () => {
    await refuse(/--rates has 2 values and the grouping paper has 10 groups/, '--rates', '1,2');
    await refuse(/--rates: "fast" is not a learning rate/, '--rates', 'fast');
    await refuse(/no file nowhere\.yaml for --groups/, '--groups', 'nowhere.yaml');
    await refuse(/built-in task "weather"/, '--original', 'builtin:weather');
    await refuse(/nowhere/, '--shifted', '/nowhere/at/all');
    await refuse(/no built-in encoder builtin:large/, '--encoder', 'builtin:large');
    await refuse(/config\.json/, '--encoder', temporaryFolder());
    await refuse(/--weight-decay belongs to --optimizer adamw/, '--weight-decay', '0.1');
    await refuse(/leaves no room/, '--max-length', '3', '--shifted', 'builtin:paraphrase?rows=8&devRows=8');
  });

  it('an output folder of another run, a file in its place, and a damaged checkpoint', async () => {
    const out = temporaryFolder();
    expect((await finetune('--epochs', '1', '--json', '--out', out)).code).toBe(0);
    const other = ['--seed', '2', '--dump-graph', '--out', out];
    await refuse(/holds the results of a run with other settings or data/, ...other);
    expect(existsSync(join(out, 'train.onnx'))).toBe(false);
    expect((await finetune('--epochs', '1', '--json', '--out', out, '--seed', '2', '--fresh')).code).toBe(0);

    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await refuse(/cannot make the folder .*file: .* \(EEXIST\); choose another place/, '--out', file);

    const broken = temporaryFolder();
    writeFileSync(join(broken, 'checkpoint.safetensors'), 'broken');
    await refuse(/checkpoint\.safetensors/, '--out', broken);
    expect((await finetune('--epochs', '1', '--json', '--out', broken, '--fresh')).code).toBe(0);
  });

  it('a folder that another process writes, or that another stage made, and touch nothing there', async () => {
    const out = temporaryFolder();
    const temporary = join(out, `.checkpoint.safetensors.${process.ppid}-0123456789ab.layerwise-tmp`);
    writeFileSync(temporary, 'half');
    const lock = join(out, '.layerwise.lock');
    writeFileSync(lock, `${hostname()}\n${process.ppid}\n`);
    for (const more of [[], ['--fresh']])
      await refuse(new RegExp(`is being written by process ${process.ppid}: wait`), '--out', out, ...more);
    expect(readdirSync(out)).toHaveLength(2);
    rmSync(lock);

    const manifest = { stage: 'search', stageVersion: 1, parameters: {}, seed: 1, inputs: [], outputs: [] };
    const times = { versions: {}, started: '2026-01-01T00:00:00Z', durationSeconds: 1 };
    writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...manifest, ...times }));
    for (const more of [[], ['--fresh']])
      await refuse(/holds what the stage search made; choose another output folder/, '--out', out, ...more);
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  });
});

it('the stage finetune on its own takes a pair and an encoder, and skips when nothing changed', async () => {
  const cache = temporaryFolder();
  const stage = async (name: string, ...words: string[]) => {
    const { code, stdout, stderr } = await layerwise(
      'stage',
      name,
      '--data-cache',
      cache,
      ...words,
      '--json',
    );
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as {
      skipped: boolean;
      folder: string;
      manifest: { counts: Record<string, number> };
    };
  };
  const preset = ['--preset', join(import.meta.dirname, 'presets/quick.yaml')];
  const early = await layerwise('stage', 'finetune', ...preset, '--data-cache', cache);
  expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('dataset-shift') as string });

  const sources = [
    ...['--original', 'builtin:topic?rows=64&devRows=16'],
    ...['--shifted', 'builtin:topic?rows=32&devRows=16&seed=2'],
  ];
  const pair = await stage('dataset-shift', ...sources, '--out', join(cache, 'pair'));
  const words = [
    ...['--pair', pair.folder, '--encoder', 'builtin:tiny', '--out', join(cache, 'run')],
    ...['--epochs-original', '1', '--epochs-shifted', '1', '--threads', '1'],
  ];
  const first = await stage('finetune', ...words);
  expect(first).toMatchObject({ skipped: false, folder: join(cache, 'run') });
  expect(existsSync(join(first.folder, 'results.arrow'))).toBe(true);
  expect(first.manifest.counts['reward']).toBeGreaterThan(0);
  expect((await stage('finetune', ...words)).skipped).toBe(true);
  expect(
    (await stage('finetune', ...words, '--rates', '1e-3,null,null,null,1e-3,null,null,null,0,1e-3')).skipped,
  ).toBe(false);
});
