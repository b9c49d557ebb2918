// Work for tests of executors: `createWork` as a worker imports it. What a job does is in its input.
// `began` says at which step of its own checkpoint it went on.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {{ stepMs?: number, refuse?: boolean }} configuration */
export async function createWork({ stepMs = 5, refuse = false }) {
  if (refuse) throw new Error('the encoder is not there');
  return async ({ to, block, fail, die, echo }, { folder, signal, progress }) => {
    const file = join(folder, 'checkpoint.json');
    const began = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).step : 0;
    const save = (step) => {
      writeFileSync(`${file}.new`, JSON.stringify({ step }));
      renameSync(`${file}.new`, file);
    };
    if (block > 0) {
      progress(0, to);
      const until = performance.now() + block;
      while (performance.now() < until);
    }
    if (fail === true) throw new Error('out of memory');
    if (die === true) {
      console.error('malloc: no memory');
      process.kill(process.pid, 'SIGKILL');
    }
    for (let step = began; step < to; step++) {
      signal.throwIfAborted();
      await sleep(stepMs);
      save(step + 1);
      progress(step + 1, to);
    }
    return { pid: process.pid, began, echo };
  };
}
