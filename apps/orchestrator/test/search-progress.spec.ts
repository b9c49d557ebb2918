/**
 * The table of a search, its place on a terminal, its lines elsewhere, and the time left by a hand-made
 * clock.
 */
import { PassThrough } from 'node:stream';
import type { SearchView, StudyState, Trial } from '@layerwise/search';
import { describe, expect, it } from 'vitest';
import { createLiveLines } from '../src/progress/live-lines.js';
import type { Screen } from '../src/progress/meter.js';
import { searchLines, searchSummary, stepsDone } from '../src/progress/search-table.js';
import { searchProgress, secondsPerStep } from '../src/progress/search.js';

function fakeScreen(mode: Screen['mode']) {
  const clock = { seconds: 0 };
  const stream = new PassThrough();
  let written = '';
  stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const screen: Screen = { mode, stream, now: () => clock.seconds };
  return { screen, clock, text: () => written };
}

function trial(number: number, state: Trial['state'], more: Partial<Trial> = {}): Trial {
  return {
    number,
    state,
    values: [1.25e-5],
    repeatOf: null,
    target: 3,
    measurements: [],
    ...more,
  } as unknown as Trial;
}

const rung = (fidelity: number, reward: number) => ({
  fidelity,
  reward,
  steps: 50,
  seconds: 25,
  measures: {},
});

const STATE = {
  settings: { trials: 50, space: { names: ['lr0'] }, plan: { fidelities: [1, 3, 9] } },
  trials: [
    trial(0, 'paused', { measurements: [rung(1, 1.9)] }),
    trial(1, 'paused', { measurements: [rung(1, 1.3), rung(3, 1.4)] }),
    trial(2, 'running'),
    trial(3, 'running', { target: 9, repeatOf: 1 }),
  ],
  spent: { search: 150, repeats: 0 },
  order: [{}, {}, {}],
} as unknown as StudyState;
const VIEW: SearchView = {
  state: STATE,
  running: new Map([
    [3, { done: 0, total: 0 }],
    [2, { done: 25, total: 50 }],
  ]),
};

describe('the table', () => {
  const moment = { ...VIEW, planned: 1750, unit: 'steps', secondsLeft: 4000 };

  it('tells how far it is, the best at the highest rung, states, and what runs', () => {
    expect(stepsDone(VIEW)).toBe(175);
    expect(searchLines(moment)).toEqual([
      'search  3 of 50 trials and 1 repeat | 175 of 1,750 steps (10 %) | 1h 06m left',
      'best    trial 1 with 1.4000 at 3 of 9: lr0 1.25e-5',
      'trials  2 paused, 2 running',
      '     2  ██████████░░░░░░░░░░  50 %  to rung 3 of 9',
      '     3  ░░░░░░░░░░░░░░░░░░░░   0 %  again as trial 1, with a fresh seed',
    ]);
  });

  it('is one line elsewhere', () => {
    expect(searchSummary({ ...moment, secondsLeft: null })).toBe(
      'search: 3 of 50 trials and 1 repeat | 175 of 1,750 steps (10 %) | time left unknown | best trial 1 with 1.4000 at 3 of 9 | 2 paused, 2 running',
    );
    const empty = { ...STATE, trials: [], spent: { search: 0, repeats: 0 } };
    const line = searchSummary({ ...moment, state: empty, running: new Map() });
    expect(line).toContain('best none yet | none yet');
  });
});

describe('lines on a terminal', () => {
  it('are drawn over the last ones, cut to its width, a few times a second, and stand at the end', () => {
    const { screen, clock, text } = fakeScreen('bar');
    const lines = createLiveLines(screen, () => 6);
    const show = (words: string[], isNews = false): void =>
      lines.show(
        () => words,
        () => '',
        isNews,
      );
    show(['one', 'two that is long']);
    clock.seconds = 0.1;
    show(['too early']);
    clock.seconds = 0.3;
    show(['three']);
    clock.seconds = 0.35;
    show(['news'], true);
    show(['last']);
    lines.end();
    const over = (count: number): string => `\u001b[${count}A\r\u001b[J`;
    expect(text()).toBe(`\r\u001b[Jone\ntwo t\n${over(2)}three\n${over(1)}news\n${over(1)}last\n`);
  });

  it('are one line at news and once a minute without a terminal, and none when silent', () => {
    const { screen, clock, text } = fakeScreen('lines');
    const lines = createLiveLines(screen);
    for (const [seconds, isNews] of [
      [1, false],
      [2, true],
      [61, false],
      [62, false],
    ] as const) {
      clock.seconds = seconds;
      lines.show(
        () => [],
        () => `at ${seconds}`,
        isNews,
      );
    }
    expect(text()).toBe('at 2\nat 62\n');
    const silent = fakeScreen('silent');
    createLiveLines(silent.screen).show(
      () => [],
      () => 'x',
      true,
    );
    expect(silent.text()).toBe('');
  });
});

describe('time left', () => {
  const size = { planned: 1150, unit: 'steps', workers: 2 };
  const running = new Map<number, { done: number; total: number }>();

  it('goes by the journal’s pace and the workers at first, then by that of this call', () => {
    expect(secondsPerStep(STATE)).toBe(0.5);
    const { screen, clock, text } = fakeScreen('lines');
    const progress = searchProgress(screen, { ...STATE, order: [] }, size);
    clock.seconds = 1;
    progress.show({ state: STATE, running });
    // 1,000 steps at half a second, two at a time.
    expect(text()).toContain('4m 10s left');
    clock.seconds = 10;
    // 20 steps in 10 seconds: 980 take 490.
    const later = { ...STATE, spent: { search: 170, repeats: 0 }, order: [...STATE.order, {}] };
    progress.show({ state: later as unknown as StudyState, running });
    expect(text()).toContain('8m 10s left');
  });

  it('is unknown before anything was timed', () => {
    const { screen, text } = fakeScreen('lines');
    const begun = { ...STATE, trials: [], order: [], spent: { search: 0, repeats: 0 } };
    expect(secondsPerStep(begun)).toBeNull();
    searchProgress(screen, begun, size).show({ state: { ...begun, order: STATE.order }, running });
    expect(text()).toContain('time left unknown');
  });
});
