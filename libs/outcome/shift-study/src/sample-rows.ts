/**
 * A limit on training rows as a seeded sample: files are often sorted (by label, by source), and their first
 * rows are then no picture of the rest. The sample keeps the order of its source; dev rows are never dropped.
 */
import type { Task } from '@layerwise/artifacts';
import { drawSubset, partOf } from '@layerwise/pairs';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** `task` with at most `limit` train rows, every subset of that size equally likely. */
export function sampleTrainRows(task: Task, limit: number, seed: number): Task {
  const count = task.train.label.length;
  if (limit >= count) return task;
  const generator = xoroshiro128plus(seed);
  const train = new Int32Array(limit);
  drawSubset((of) => uniformInt(generator, 0, of - 1), count, train);
  return partOf(task, { train, dev: Int32Array.from(task.dev.label.keys()) }, task.name);
}
