/** Progress without a terminal, with one, and with --json; rates and time left against hand-made clocks. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createMeter, duration, type Screen } from '../src/progress/meter.js';
import { secondsLeft } from '../src/progress/time-left.js';
import { trainingProgress } from '../src/progress/training.js';
import { wholeProgress } from '../src/progress/whole.js';

/** A screen whose clock stands until the test moves it. */
function fakeScreen(mode: Screen['mode']): {
  screen: Screen;
  clock: { seconds: number };
  text: () => string;
} {
  const clock = { seconds: 0 };
  const stream = new PassThrough();
  let written = '';
  stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  return { screen: { mode, stream, now: () => clock.seconds }, clock, text: () => written };
}

describe('plain lines', () => {
  it('come every few seconds and at the end', () => {
    const { screen, clock, text } = fakeScreen('lines');
    const meter = createMeter(screen, 'original', 100);
    for (let done = 1; done <= 100; done++) {
      clock.seconds = done * 0.2;
      meter.update(done, `loss ${done}`);
    }
    meter.end();
    expect(text().trimEnd().split('\n')).toEqual([
      'original 25% | loss 25 | 15s left',
      'original 50% | loss 50 | 10s left',
      'original 75% | loss 75 | 5s left',
      'original 100% | loss 100 | 20s in all',
    ]);
  });

  it('leave the last state standing when the work stops early', () => {
    const { screen, clock, text } = fakeScreen('lines');
    const meter = createMeter(screen, 'shifted', 10);
    clock.seconds = 2;
    meter.update(4, 'loss 0.5');
    expect(text()).toBe('');
    meter.end();
    expect(text()).toBe('shifted 40% | loss 0.5 | 3s left\n');
  });

  it('count only what was done here when a run goes on', () => {
    const { screen, clock, text } = fakeScreen('lines');
    const meter = createMeter(screen, 'original', 100, 50);
    clock.seconds = 10;
    meter.update(60, '');
    expect(text()).toContain('40s left');
  });
});

it('a bar shows label, share and detail', () => {
  const { screen, clock, text } = fakeScreen('bar');
  const meter = createMeter(screen, 'original', 4);
  clock.seconds = 1;
  meter.update(2, 'loss 0.69');
  meter.end();
  expect(text()).toContain('original');
  expect(text()).toMatch(/█+░+ 50% \| loss 0\.69 \| 1s left/);
});

it('silence writes nothing', () => {
  const { screen, text } = fakeScreen('silent');
  const meter = createMeter(screen, 'original', 2);
  meter.update(2, 'done');
  meter.end();
  expect(text()).toBe('');
});

it('samples a second are those of the last ten seconds', () => {
  const { screen, clock, text } = fakeScreen('lines');
  const progress = trainingProgress(screen, 'original', 40);
  // Twenty slow steps of 2 s, then twenty of 0.5 s, 16 rows each.
  for (let step = 1; step <= 40; step++) {
    clock.seconds += step <= 20 ? 2 : 0.5;
    progress.step(step, 1 / step, 16);
  }
  progress.end();
  const lines = text().trimEnd().split('\n');
  expect(lines[0]).toContain('8.0 samples/s');
  expect(lines.at(-1)).toBe('original 100% | step 40/40 | loss 0.0250 | 32.0 samples/s | 50s in all');
});

describe('of a whole preset', () => {
  const [tasks, searchA, searchB, evaluation] = [
    { passes: null, shape: '' },
    { passes: 100, shape: 'tiny 16' },
    { passes: 50, shape: 'tiny 16' },
    { passes: 300, shape: 'tiny 16' },
  ];

  it('time left is by the pace of what ran, and unknown before anything like it did', () => {
    const all = [tasks, tasks, searchA, searchB, evaluation, tasks];
    // Nothing trained yet.
    expect(secondsLeft(all, [2, 4], 5)).toBeNull();
    // 100 passes in 40 s; what does not train takes 3 s: 50 and 300 passes, and 3 s, of which 5 s have
    // passed.
    expect(secondsLeft(all, [2, 4, 40], 5)).toBeCloseTo(0.4 * 350 + 3 - 5, 9);
    // Longer than it should have been: no time of the others is taken for it.
    expect(secondsLeft(all, [2, 4, 40], 1000)).toBeCloseTo(0.4 * 300 + 3, 9);
    // Up to date, or gone on with: no ground.
    expect(secondsLeft(all, [2, 4, null], 0)).toBeNull();
    expect(secondsLeft([searchA, { ...searchB, shape: 'base 16' }], [40], 0)).toBeNull();
  });

  it('stands behind place and time, as soon as there is one', () => {
    const { screen, clock, text } = fakeScreen('lines');
    const progress = wholeProgress(screen, 3, [searchA, searchB, evaluation]);
    progress.begin('search@a');
    clock.seconds = 10;
    progress.line('half');
    clock.seconds = 20;
    progress.end(false, true);
    progress.begin('search@b');
    clock.seconds = 24;
    progress.line('half');
    progress.end(false, true);
    progress.begin('evaluation');
    clock.seconds = 26;
    progress.end(true, true);
    expect(text().trimEnd().split('\n')).toEqual([
      '[1/3 | 10s] search@a: half',
      '[1/3 | 20s | about 1m 10s left] search@a: done in 20s',
      '[2/3 | 24s | about 1m 06s left] search@b: half',
      '[2/3 | 24s | about 48s left] search@b: done in 4s',
      '[3/3 | 26s] evaluation: up to date',
    ]);
  });

  it('is not told of sizes that are unknown', () => {
    const { screen, text } = fakeScreen('lines');
    const progress = wholeProgress(screen, 2, null);
    progress.begin('datasets');
    progress.end(false, true);
    expect(text()).toBe('[1/2 | 0s] datasets: done in 0s\n');
  });
});

it.each([
  [0.4, '0s'],
  [59.4, '59s'],
  [185, '3m 05s'],
  [7830, '2h 10m'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
