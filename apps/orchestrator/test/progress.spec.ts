/** Progress without a terminal, with one, and with --json; rates and time left against hand-made clocks. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createMeter, duration, type Screen } from '../src/progress/meter.js';
import { trainingProgress } from '../src/progress/training.js';

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

it.each([
  [0.4, '0s'],
  [59.4, '59s'],
  [185, '3m 05s'],
  [7830, '2h 10m'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
