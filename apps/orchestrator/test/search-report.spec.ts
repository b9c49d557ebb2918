/**
 * What a search comes to in figures, by hand: report, table of the best, rows of trials.arrow, comparison
 * with the control.
 */
import { startStopwatch } from '@layerwise/artifacts';
import { join } from 'node:path';
import { readObserved } from '@layerwise/importance';
import type { StudyState, Trial } from '@layerwise/search';
import { describe, expect, it } from 'vitest';
import {
  bestRows,
  bestTableText,
  compareWithControl,
  comparisonText,
  writeSearch,
  type StudyJson,
  reportText,
  searchReport,
  trialColumns,
} from '@layerwise/rate-search';
import { temporaryFolder } from './command.js';

/** What a run at a fidelity told: p_o, p_s and the same of the dev splits. */
type Told = readonly [
  fidelity: number,
  original: number,
  shifted: number,
  devOriginal: number,
  devShifted: number,
];

function trial(number: number, told: readonly Told[], more: Partial<Trial> = {}): Trial {
  return {
    number,
    values: [number / 1000],
    origin: 'random',
    bracket: 0,
    seed: 7 + number,
    repeatOf: null,
    state: 'complete',
    target: 9,
    checkpoint: null,
    attempts: 1,
    message: null,
    measurements: told.map(([fidelity, original, shifted, devOriginal, devShifted]) => ({
      fidelity,
      reward: original + shifted,
      steps: 10 * fidelity,
      seconds: 2,
      measures: {
        originalBefore: 0.9,
        original,
        shifted,
        ...(fidelity === 9 && { devOriginal, devShifted }),
      },
    })),
    ...more,
  };
}

function stateOf(trials: readonly Trial[]): StudyState {
  const space = { names: ['lr'], parameters: [{ type: 'float', low: 0, high: 1 }] };
  const plan = { eta: 3, fidelities: [3, 9], brackets: [{ firstRung: 0, trials: 3 }] };
  const settings = { space, plan, repeats: { best: 1, seeds: 3 }, penalty: null };
  return {
    settings,
    trials,
    spent: { search: 400, repeats: 270 },
    order: [],
    memory: null,
  } as unknown as StudyState;
}

const repeat = (number: number, told: Told): Trial => trial(number, [told], { repeatOf: 1, values: [0.001] });

const STATE = stateOf([
  trial(0, [[3, 0.9, 0.7, 0, 0]], { state: 'paused' }),
  trial(1, [
    [3, 0.8, 0.7, 0, 0],
    [9, 0.8, 0.8, 0.7, 0.8],
  ]),
  trial(2, [], { state: 'diverged', message: 'no number' }),
  repeat(3, [9, 0.8, 0.7, 0.72, 0.8]),
  repeat(4, [9, 0.7, 0.7, 0.7, 0.8]),
  repeat(5, [9, 0.8, 0.6, 0.75, 0.8]),
]);
const flat = { rates: ([lr]: readonly unknown[]) => [lr as number, null] };

it('the report has means over fresh seeds, counts of states and steps', () => {
  const report = searchReport(STATE, flat);
  expect(report).toMatchObject({
    trials: 3,
    states: { paused: 1, complete: 4, diverged: 1 },
    steps: { search: 400, repeats: 270 },
    best: { trial: 1, rates: [0.001, null], values: { lr: 0.001 }, fidelity: 1, reward: 5.9 / 4 },
    repeated: [{ trial: 1, reward: 5.9 / 4 }],
  });
  const { measures } = report.best!;
  expect(measures['original']).toEqual({ mean: (0.8 + 0.7 + 0.8) / 3, runs: 3 });
  expect(measures['devOriginal']?.mean).toBeCloseTo((0.72 + 0.7 + 0.75) / 3, 12);
  const text = reportText('a → b', report, 'units');
  expect(text).toContain(
    'a → b: 3 trials and their repeats (1 paused, 4 complete, 1 diverged); 400 units, and 270 of repeats',
  );
  // 1.5, 1.4, 1.4: standard error 1/30, and 2.919986 is the 95 % quantile of t with two degrees of freedom.
  expect(text).toContain('trial 1: 1.4333 over 3 seeds, 90 % interval 1.3360 to 1.5307');
  expect(text).toMatch(/second task \(p_s\), rows that choose +66\.7 %$/m);
  const measured = text.split('\n').filter((line) => line.endsWith(' %'));
  expect(measured).toHaveLength(5);
  expect(new Set(measured.map((line) => line.length)).size).toBe(1);
});

it('without repeats it has the trial’s own run, and says where none is whole', () => {
  const state = stateOf(STATE.trials.slice(0, 1));
  const report = searchReport(state, null);
  expect(report.best?.measures['original']).toEqual({ mean: 0.9, runs: 1 });
  expect(reportText('a', report, 'steps')).toContain('at 0.333 of a whole run alone');
  expect(reportText('a', searchReport(stateOf([]), null), 'steps')).toContain('no trial was measured');
  const failed = stateOf([trial(0, [], { state: 'failed', message: 'exit code 3' })]);
  expect(reportText('a', searchReport(failed, null), 'steps')).toContain('  trial 0 failed: exit code 3\n');
});

it('the table has the furthest first, then the highest reward, repeats left out', () => {
  const rows = bestRows(STATE, flat as never, 10);
  expect(rows.map(({ trial, fidelity, reward }) => [trial, fidelity, reward])).toEqual([
    [1, 1, 1.6],
    [0, 1 / 3, 1.6],
  ]);
  expect(
    bestTableText(rows)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
  ).toEqual([
    ['trial', 'of a run', 'state', 'p_o before', 'p_o', 'p_s', 'reward', 'values'],
    ['1', '1.000', 'complete', '0.9000', '0.8000', '0.8000', '1.6000', '1.00e-3 for all'],
    ['0', '0.333', 'paused', '0.9000', '0.9000', '0.7000', '1.6000', '0.00e+0 for all'],
  ]);
  expect(bestRows(STATE, null, 1)).toMatchObject([{ rates: null, values: { lr: 0.001 } }]);
});

it('trials.arrow has a row a rung, and one for a trial that told nothing', () => {
  const columns = trialColumns(STATE, flat as never);
  expect([...columns.trial]).toEqual([0, 1, 1, 2, 3, 4, 5]);
  expect(columns.repeat_of).toEqual([null, null, null, null, 1, 1, 1]);
  expect(columns.fidelity).toEqual([1 / 3, 1 / 3, 1, null, 1, 1, 1]);
  expect(columns.reward.slice(1, 4)).toEqual([1.5, 1.6, null]);
  expect(columns.accuracy_original_before.slice(2, 4)).toEqual([0.9, null]);
  expect([...columns.steps]).toEqual([30, 30, 90, 0, 90, 90, 90]);
  expect([...columns.rates.offsets]).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  expect([...columns.rates.values].slice(2, 4)).toEqual([0.001, Number.NaN]);
  expect([...columns.seed]).toEqual([7n, 8n, 8n, 9n, 10n, 11n, 12n]);
});

it('importance reads the trials.arrow that a search writes', async () => {
  const folder = temporaryFolder();
  const record = { kind: 'command', command: 'train', directory: '/' } as const;
  const result = { state: STATE, record, rateSpace: null, done: null };
  const provenance = { parameters: {}, inputs: [], times: startStopwatch(), versions: {} };
  await writeSearch(folder, result, {} as StudyJson, provenance);
  const { space, names, runs, silent } = await readObserved(join(folder, 'trials.arrow'));
  expect(space).toEqual(STATE.settings.space);
  expect(names).toEqual(['lr']);
  expect(runs.map(({ trial, fidelity }) => [trial, fidelity])).toEqual([
    [0, 1 / 3],
    [1, 1 / 3],
    ...[1, 3, 4, 5].map((trial) => [trial, 1]),
  ]);
  expect(silent).toBe(1);
});

describe('the comparison with the control', () => {
  const side = (rewards: readonly number[]): StudyState =>
    stateOf([
      trial(0, [[9, 0, 0, 0.9, 0.9]]),
      trial(1, [[9, 0.1, 0.1, 0.1, 0.1]]),
      ...rewards.map((reward, place) => repeat(2 + place, [9, 0.5, 0.5, 0.5, reward - 0.5])),
    ]);

  it('is Welch’s interval of the difference of the dev splits’ means', () => {
    const found = compareWithControl(side([1.52, 1.5, 1.55]), side([1.47, 1.49, 1.48, 1.44]), 'dev')!;
    // scipy: 4.0058 degrees of freedom, of which stats.t.ppf(0.95, 4); ttest_ind(equal_var=False) has
    // 0.014753 to 0.091914.
    expect(found.difference).toBeCloseTo(0.05333333333333, 12);
    expect(found.low).toBeCloseTo(0.014737027198772, 8);
    expect(found.high).toBeCloseTo(0.091929639467895, 8);
    expect(comparisonText(found)).toContain('difference +0.0533, 90 % interval +0.0147 to +0.0919');
  });

  it('is on the rows that chose where they are the dev splits', () => {
    const found = compareWithControl(side([1.52, 1.5]), side([1.4, 1.4]), 'chosen')!;
    expect(found.search.rewards).toEqual([1, 1]);
    expect(found).toMatchObject({ difference: 0, low: 0, high: 0 });
    expect(comparisonText(found)).toContain('which chose too');
  });

  it('has no interval for single runs, counts those without a result, and is null without any', () => {
    const single = stateOf([trial(1, [[9, 0.1, 0.1, 0.4, 0.8]])]);
    const found = compareWithControl(single, side([1.4, 1.4]), 'dev')!;
    expect(found.search.rewards).toEqual([0.4 + 0.8]);
    expect([found.low, found.high]).toEqual([null, null]);
    const failed = side([1.5, 1.5]);
    const lost = trial(4, [], { state: 'diverged', repeatOf: 1 });
    const state = { ...failed, trials: [...failed.trials, lost] };
    expect(compareWithControl(state, side([1.4, 1.4]), 'dev')?.search.missing).toBe(1);
    expect(compareWithControl(stateOf([]), side([1.4]), 'dev')).toBeNull();
  });
});
