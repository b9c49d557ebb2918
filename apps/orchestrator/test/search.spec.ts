/** `layerwise search` and `search-status`, from words to files. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findManifest, verifyOutputs } from '@layerwise/artifacts';
import { groupingFromJson } from '@layerwise/optimizers';
import { describe, expect, it, vi } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';
import { search, SMALL, studyIn, TASKS, trialsIn, WHOLE } from './search-runs.js';

// Whole searches, each with processes of its own.
const held = (rates: readonly number[]): number[] => rates.filter((rate) => !Number.isNaN(rate));

describe('a search of our own training', () => {
  it('leaves its trials by rung, its report and how they were made', async () => {
    const out = temporaryFolder();
    // One bracket of nine, which begins at a ninth.
    const words = [
      ...TASKS,
      ...SMALL,
      '--trials',
      '9',
      '--repeats-best',
      '2',
      '--repeats-seeds',
      '2',
      '--out',
      out,
    ];
    const { stdout } = await search(...words);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const json = JSON.parse(stdout) as Record<string, unknown>;
    const study = studyIn(out);
    expect(json).toEqual({ out, ...study });
    expect(study.plan).toMatchObject({ trials: 9, complete: 1 });
    // Three steps a phase: a rung at 1 of 9 and at 3 of 9 has one of each phase, and phase 1 goes on.
    expect(study.plan?.steps).toBe(9 * 2 + 3 * 1 + 1 * (2 + 3));
    expect(study.report.steps).toEqual({ search: 26, repeats: 2 * 6 });
    expect(study.report.states).toEqual({ paused: 8, complete: 3 });
    expect(study.searched).toMatchObject({
      pair: 'agreement → paraphrase',
      protocol: 'held-out',
      rows: { original: { trained: 48, chosen: 30, reported: 20 } },
    });

    const { rows, metadata } = await trialsIn(out);
    expect(metadata['pair']).toBe('agreement → paraphrase');
    expect(groupingFromJson(metadata['groups'] ?? '', '').groups).toHaveLength(10);
    expect(JSON.parse(metadata['space'] ?? '')).toMatchObject({ names: ['lr0', 'lr4', 'lr8', 'lr9'] });
    const counts = [1 / 9, 3 / 9, 1].map((rung) => rows.filter(({ fidelity }) => fidelity === rung).length);
    expect(counts).toEqual([9, 3, 1 + 2]);
    for (const { reward, original, shifted, rates, values } of rows) {
      expect(reward).toBe(original! + shifted!);
      // Held-out rows are 30 a task.
      expect((30 * original!) % 1).toBeCloseTo(0, 9);
      expect(rates).toHaveLength(10);
      expect(held(rates)).toEqual(values);
    }
    expect(rows.slice(0, 2).map(({ origin, values }) => [origin, ...values])).toEqual([
      ['given', 1e-5, 1e-5, 1e-5, 1e-5],
      ['given', 1e-5, 1e-5, 1e-5, 1e-5].map((rate) => (rate === 1e-5 ? 2e-5 : rate)),
    ]);

    const manifest = await verifyOutputs(out);
    expect(manifest.stage).toBe('search');
    expect(manifest.outputs.map(({ file }) => file)).toEqual(['trials.arrow', 'study.json']);
    // The same again has nothing left to do; more trials go on.
    const journal = readFileSync(join(out, 'journal.jsonl'), 'utf8');
    const again = await search(...words);
    expect(JSON.parse(again.stdout)).toEqual(json);
    expect(readFileSync(join(out, 'journal.jsonl'), 'utf8')).toBe(journal);
  });

  it('goes on when it may make more trials', async () => {
    const out = temporaryFolder();
    const words = [...TASKS, ...SMALL, ...WHOLE, '--out', out];
    await search(...words, '--trials', '2');
    const first = await trialsIn(out);
    await search(...words, '--trials', '3');
    const { rows } = await trialsIn(out);
    expect(rows.slice(0, 2)).toEqual(first.rows);
    expect(rows).toHaveLength(3);
    expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  });

  it('ends when its steps are spent', async () => {
    const out = temporaryFolder();
    await search(...TASKS, ...SMALL, ...WHOLE, '--trials', '9', '--budget', '13', '--out', out);
    const study = studyIn(out);
    expect(study.report).toMatchObject({ trials: 2, steps: { search: 12 } });
    expect(study.done).toContain('12 of 13 steps are spent');
  });

  it('says what it will cost before it starts, and tells how it goes, on stderr', async () => {
    const written: string[] = [];
    const spy = vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    const words = [
      ...TASKS,
      ...SMALL,
      ...WHOLE,
      '--trials',
      '1',
      '--repeats-best',
      '1',
      '--repeats-seeds',
      '1',
    ];
    try {
      await layerwise('search', ...words, '--out', temporaryFolder());
    } finally {
      spy.mockRestore();
    }
    expect(written.join('').split('\n').slice(0, 6)).toEqual([
      'agreement → paraphrase, space groups',
      'Plan: 1 trial, each at fidelity 9',
      'bracket  passes  trials at rung  steps',
      '      0       1  1 at 9              6',
      'in all 6 steps, as much as 1 whole run; 1 of 1 trials reach 9',
      'and 1 repeat of the best 1: with them at most 12 steps',
    ]);
    expect(written.join('')).toMatch(
      /\nsearch: 1 of 1 trials \| 6 of 12 steps \(50 %\) \| .* \| 1 complete\n/,
    );
  });
});

// What each named space makes of its values is in libs/tuning/rate-search/src/spaces/spaces.spec.ts.
describe('--space', () => {
  const lr = { type: 'float', low: 1e-6, high: 1e-4, log: true };
  const ratesOf = async (space: string): Promise<number[][]> => {
    const out = temporaryFolder();
    await search(...TASKS, ...SMALL, ...WHOLE, '--space', space, '--trials', '3', '--out', out);
    return (await trialsIn(out)).rows.map(({ rates }) => held(rates));
  };

  it('decay falls by one factor a layer', async () => {
    const [embeddings, lower, upper, head] = (await ratesOf('decay'))[2]!;
    const factor = upper! / head!;
    expect(factor).toBeGreaterThan(0.3);
    expect(lower! / upper!).toBeCloseTo(factor, 12);
    expect(embeddings! / lower!).toBeCloseTo(factor, 12);
  });

  it('a file has ranges of its own, and points that it does not hold are left out', async () => {
    const file = join(temporaryFolder(), 'space.json');
    writeFileSync(file, JSON.stringify({ lr0: lr, lr4: lr, lr8: { ...lr, low: 1.5e-5 }, lr9: lr }));
    const rates = await ratesOf(file);
    expect(rates[0]).toEqual([2e-5, 2e-5, 2e-5, 2e-5]);
    for (const [embeddings, , upper] of rates) {
      expect(embeddings).toBeGreaterThanOrEqual(1e-6);
      expect(upper).toBeGreaterThanOrEqual(1.5e-5);
      expect(upper).toBeLessThanOrEqual(1e-4);
    }
  });
});

it('--given comes after the flat rates, as combine prints it', async () => {
  const out = temporaryFolder();
  const given = join(temporaryFolder(), 'combination.json');
  // One a group that holds a tensor: lr0, lr4, lr8, lr9.
  const wanted = [3e-6, 4e-6, 5e-6, 6e-5];
  writeFileSync(given, JSON.stringify({ rates: wanted, perPair: {} }));
  await search(...TASKS, ...SMALL, ...WHOLE, '--trials', '3', '--given', given, '--out', out);
  const { rows } = await trialsIn(out);
  expect(rows.map(({ origin }) => origin)).toEqual(['given', 'given', 'given']);
  expect(held(rows[2]!.rates)).toEqual(wanted);
});

describe('search-status', () => {
  it('tells plan, best trials and what is left from the journal alone', async () => {
    const out = temporaryFolder();
    await search(...TASKS, ...SMALL, ...WHOLE, '--trials', '2', '--out', out);
    const done = await layerwise('search-status', out);
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('Plan: 2 trials, each at fidelity 9');
    expect(done.stdout).toContain('1.00e-5 for all');
    expect(done.stdout).toContain(`It is done; results are in ${out}.`);

    // As it would be read while a second trial is under way: the journal's first lines, the last one torn.
    const running = temporaryFolder();
    const lines = readFileSync(join(out, 'journal.jsonl'), 'utf8').split('\n');
    const started = lines.findLastIndex((line) => line.includes('"started"'));
    const begun = `${lines.slice(0, started + 1).join('\n')}\n${lines[started + 1]!.slice(0, 40)}`;
    writeFileSync(join(running, 'journal.jsonl'), begun);
    const { stdout, code } = await layerwise('search-status', running, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      done: false,
      report: { trials: 2, states: { complete: 1, running: 1 } },
      best: [{ trial: 0, fidelity: 1 }],
    });
    expect(readFileSync(join(running, 'journal.jsonl'), 'utf8')).toBe(begun);
    expect((await layerwise('search-status', running)).stdout).toContain(`--out ${running} continues it`);
  });

  it('refuses a folder without a search', async () => {
    const { code, stderr } = await layerwise('search-status', temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain('holds no search');
  });
});

it('a finished search of nothing but failures says so and exits with 1', async () => {
  const folder = temporaryFolder();
  const space = join(folder, 'space.json');
  writeFileSync(space, JSON.stringify({ x: { type: 'float', low: 0, high: 1 } }));
  const out = join(folder, 'out');
  const words = [
    'search',
    '--json',
    '--command',
    'exit 3',
    '--space',
    space,
    '--sampler',
    'random',
    '--out',
    out,
  ];
  const { code, stdout } = await layerwise(...words, '--trials', '9', '--max-failures', '2');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    done: '3 trials failed, more than the 2 that are borne',
    report: { best: null, states: { failed: 3 }, failure: { trial: 2 } },
  });
  const { rows } = await trialsIn(out);
  expect(rows.map(({ state, fidelity, reward }) => [state, fidelity, reward])).toEqual(
    [0, 1, 2].map(() => ['failed', null, null]),
  );
  expect((await findManifest(out))?.counts).toMatchObject({ trials: 3 });
});
