/** Long loops that say how far they are, hear an abort, and let timers and input have their turn. */
import { setImmediate } from 'node:timers/promises';
import type { Watcher } from './projector.js';

const breathMilliseconds = 50;
const lineMilliseconds = 3000;

/** Says how many of `steps` are done and how long the rest takes at this speed, every three seconds. */
export function stepLines(
  title: string,
  steps: number,
  progress: (line: string) => void,
): (done: number) => void {
  const started = performance.now();
  let last = started;
  return (done) => {
    const now = performance.now();
    if (now - last < lineMilliseconds) return;
    last = now;
    const left = Math.ceil(((now - started) / done) * (steps - done) * 1e-3);
    progress(`${title}: ${done} of ${steps}, ${left} s left`);
  };
}

/** To be awaited after each step of a loop, with the steps done. Rejects once the signal is aborted. */
export function ticker(title: string, steps: number, watcher: Watcher): (done: number) => Promise<void> {
  const say = stepLines(title, steps, watcher.progress);
  let breath = performance.now();
  return async (done) => {
    if (performance.now() - breath < breathMilliseconds) return;
    await setImmediate();
    watcher.signal.throwIfAborted();
    say(done);
    breath = performance.now();
  };
}
