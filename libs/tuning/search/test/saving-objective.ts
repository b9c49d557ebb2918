/**
 * An objective for searches in this process. It works step by step and saves after each, as trainings do, and
 * notes what each run found in its folder, so that a test sees whether the search gave it what it promised.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Objective, RunEnd } from '../src/running/objective.js';
import { smallReward } from './small-study.js';

export interface SavingObjective {
  readonly objective: Objective;
  /** Trial, rung to go on from, rung to reach, and the step that the folder's checkpoint stood at. */
  readonly runs: {
    readonly trial: number;
    readonly from: number;
    readonly to: number;
    readonly found: number;
  }[];
}

/** @param ends how the trial of that number ends instead, at its first rung */
export function savingObjective(ends: Readonly<Record<number, 'failed' | 'diverged'>> = {}): SavingObjective {
  const runs: { trial: number; from: number; to: number; found: number }[] = [];
  const objective: Objective = async ({ trial, values, seed, from, to }, { folder, signal, progress }) => {
    const file = join(folder, 'checkpoint');
    const saved = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [number, number]) : null;
    if (saved !== null && saved[0] !== trial) throw new Error('the checkpoint is that of another trial');
    const found = saved?.[1] ?? 0;
    runs.push({ trial, from, to, found });
    writeFileSync(join(folder, 'notes.log'), 'began\n', { flag: 'a' });
    progress(Math.max(0, found - from), to - from);
    for (let step = found; step < to; step++) {
      await new Promise((turn) => setImmediate(turn));
      if (signal.aborted) return { kind: 'stopped', steps: step - from };
      writeFileSync(file, JSON.stringify([trial, step + 1]).padEnd(5000 * to));
      progress(step + 1 - from, to - from);
    }
    if (ends[trial] === 'failed') throw new Error('out of memory');
    const reward = ends[trial] === 'diverged' ? NaN : smallReward(Object.values(values), to, seed);
    return { kind: 'measured', reward, measures: { seen: seed }, steps: to - from } satisfies RunEnd;
  };
  return { objective, runs };
}
