/** `layerwise combine`, from words to files: what it prints, leaves and refuses. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerwise, temporaryFolder } from './command.js';

// Published with the paper's code; not every checkout has them.
const shared = process.env['LAYERWISE_SHARED'] ?? resolve(import.meta.dirname, '../../../../shared');
const authorLogs = process.env['PAPER_LOGS'] ?? join(shared, 'paper/hpo-logs');
const FOUR_PAIRS = ['sst2mrpc', 'mrpcsst2', 'qqpmrpc', 'mrpcqqp'];
/** What the authors' code printed for those. */
const PUBLISHED = [
  3.295e-6, 4.363e-6, 9.215e-7, 1.923e-6, 2.849e-6, 2.143e-6, 3.267e-6, 3.699e-6, 3.186e-6, 1.119e-5,
];
const fourLogs = FOUR_PAIRS.map((pair) => join(authorLogs, `${pair}.csv`));

/** A log of trials with rising rewards and rates, in a folder of its own. */
function madeLog(name: string, trials: number, word = '0.5'): string {
  const file = join(temporaryFolder(), `${name}.csv`);
  const numbers = Array.from({ length: trials }, (_, i) => [
    ...['0.9', word, String(0.5 + i / 100)],
    ...Array.from({ length: 10 }, (__, group) => `${i + 1}e-${5 + (group % 2)}`),
  ]);
  writeFileSync(file, numbers.flat().join(','));
  return file;
}

describe.skipIf(!existsSync(authorLogs))("the authors' four logs", () => {
  it('give their published vector within 0.5 %, as JSON and for people', async () => {
    const { code, stdout, stderr } = await layerwise('combine', ...fourLogs, '--resamples', '50', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { rates, perPair } = JSON.parse(stdout) as { rates: number[]; perPair: Record<string, number[]> };
    expect(Object.keys(perPair)).toEqual(FOUR_PAIRS);
    rates.forEach((rate, i) => expect(Math.abs(rate / (PUBLISHED[i] ?? NaN) - 1)).toBeLessThan(0.005));

    const people = await layerwise('combine', ...fourLogs, '--resamples', '50', '--leave-one-out');
    for (const rate of rates) expect(people.stdout).toContain(rate.toExponential(3));
    expect(people.stdout).toContain('159 trials of 4 pairs, weights rank');
    expect(people.stdout).toMatch(
      /sst2mrpc +49 trials, the best reward 1\.8234; flat 1\.0e-5 is number 1 with 1\.8234/,
    );
    expect(people.stdout).toMatch(/without mrpcqqp +rates differ by a factor of up to \d/);
  });
});

it('knows other weightings', async () => {
  const file = madeLog('a', 4);
  const rates = async (...words: string[]): Promise<number[]> => {
    const { stdout } = await layerwise('combine', file, '--resamples', '5', ...words, '--json');
    return (JSON.parse(stdout) as { rates: number[] }).rates;
  };
  expect((await rates('--weights', 'best'))[0]).toBeCloseTo(4e-5, 12);
  expect((await rates('--weights', 'top', '--top', '2'))[0]).toBeCloseTo(Math.sqrt(12) * 1e-5, 12);
  expect((await rates('--b', '1'))[0]).toBeCloseTo(24 ** 0.25 * 1e-5, 12);
});

it('writes the prefix that --prefix gives into the snippet for PyTorch', async () => {
  const out = temporaryFolder();
  const words = [madeLog('a', 4), '--resamples', '5', '--prefix', 'model.bert', '--out', out];
  expect((await layerwise('combine', ...words)).code).toBe(0);
  expect(readFileSync(join(out, 'parameter_groups.py'), 'utf8')).toMatch(/prefix = ["']model\.bert["']/);
});

describe('refuses, in one sentence and with exit code 2,', () => {
  it.each<[string, () => string[], string]>([
    [
      'a value that is no accuracy',
      () => [madeLog('a', 3, '7')],
      'a.csv, trial 0: p_s is "7", and an accuracy is from 0 to 1; correct the log.',
    ],
    ['a file that is not there', () => ['/no/such/trials.arrow'], '/no/such/trials.arrow'],
    ['no file', () => [], "missing required argument 'file'"],
    ['the same pair twice', () => [madeLog('a', 3), madeLog('a', 3)], 'are both of the pair a'],
    ['a base below 1', () => [madeLog('a', 3), '--b', '0.5'], '--b must be a number of at least 1, not 0.5.'],
    [
      'a number that does not belong',
      () => [madeLog('a', 3), '--weights', 'best', '--b', '2'],
      '--b does not belong to --weights best',
    ],
    [
      'one pair to leave out',
      () => [madeLog('a', 3), '--leave-one-out'],
      '--leave-one-out needs at least two pairs',
    ],
  ])('%s', async (_, words, sentence) => {
    const { code, stdout, stderr } = await layerwise('combine', ...words(), '--json');
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as { error: string }).error).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
