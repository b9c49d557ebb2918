/**
 * A limit on training rows as a seeded sample: files are often sorted (by label, by source), and their first rows are then
 * no picture of the rest. The sample keeps the order of its source; dev rows are never dropped.
 */
import type { Task } from '@layerwise/artifacts';
import { takeRows } from '@layerwise/pairs';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** `task` with at most `limit` train rows, every subset of that size equally likely (Knuth's algorithm S). */
export function sampleTrainRows(task: Task, limit: number, seed: number): Task {
  const count = task.train.label.length;
  if (limit >= count) return task;
  const generator = xoroshiro128plus(seed);
  const train = new Int32Array(limit);
  let taken = 0;
  for (let row = 0; taken < limit; row++) {
    if (uniformInt(generator, 0, count - row - 1) < limit - taken) train[taken++] = row;
  }
  return takeRows(task, { train, dev: Int32Array.from(task.dev.label.keys()) }, task.name);
}
