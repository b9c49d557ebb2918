// An objective for tests of executors and searches: `createObjective` as a worker imports it. What a run does
// is in its trial's values. `measures.began` says at which step of its own checkpoint it went on.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @param {{ stepMs?: number, refuse?: boolean }} configuration */
export async function createObjective({ stepMs = 5, refuse = false }) {
  if (refuse) throw new Error('the encoder is not there');
  return async ({ values, from, to, folder }, { signal, heartbeat }) => {
    const file = join(folder, 'checkpoint.json');
    const began = from === 0 && !existsSync(file) ? 0 : JSON.parse(readFileSync(file, 'utf8')).step;
    const save = (step) => {
      writeFileSync(`${file}.new`, JSON.stringify({ step }));
      renameSync(`${file}.new`, file);
    };
    if (values.block > 0) {
      heartbeat(0, to);
      const until = performance.now() + values.block;
      while (performance.now() < until);
    }
    if (values.fail === true) throw new Error('out of memory');
    if (values.die === true) {
      console.error('malloc: no memory');
      process.kill(process.pid, 'SIGKILL');
    }
    for (let step = began; step < to; step++) {
      if (signal.aborted) return { kind: 'stopped', steps: step - from };
      await sleep(stepMs);
      save(step + 1);
      heartbeat(step + 1 - from, to - from);
    }
    if (values.nan === true)
      return { kind: 'measured', reward: NaN, measures: { shifted: NaN }, steps: to - from };
    const reward = -((values.x - 0.3) ** 2) + to / 100;
    return {
      kind: 'measured',
      reward,
      measures: { original: values.x, pid: process.pid, began },
      steps: to - from,
    };
  };
}
