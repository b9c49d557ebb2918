/** How often a long loop speaks, and what. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stepLines, ticker } from './ticker.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

it('says every three seconds how many steps are done and how long the rest takes', () => {
  const lines: string[] = [];
  const say = stepLines('step', 100, (line) => lines.push(line));
  for (let done = 1; done <= 100; done++) {
    vi.advanceTimersByTime(100);
    say(done);
  }
  expect(lines).toEqual([
    'step: 30 of 100, 7 s left',
    'step: 60 of 100, 4 s left',
    'step: 90 of 100, 1 s left',
  ]);
});

it('hears an abort in the middle of a loop', async () => {
  const controller = new AbortController();
  const tick = ticker('step', 100, { progress: () => undefined, signal: controller.signal });
  vi.advanceTimersByTime(60);
  await tick(1);
  // What a timer or a key would do, had the loop not let it have its turn it would come too late.
  setImmediate(() => controller.abort(new Error('given up')));
  vi.advanceTimersByTime(60);
  await expect(tick(2)).rejects.toThrow('given up');
});
