/** Time, memory and disk of an entry from its work and a step's pace, by hand. */
import { expect, it } from 'vitest';
import { estimateOf, totalOf } from '../src/plan/estimate.js';

const pace = { stepSeconds: 0.5, quietSeconds: 0.2, memoryMb: 300, weightsMb: 90 };
const work = { steps: 100, textsRead: 480, batch: 16, maxLength: 128, threads: 1, workers: 2, copies: 4 };

it('is steps, and a third of a step for each batch that is only read, shared by the workers that have cores', () => {
  // 100 + 480 / 16 / 3 = 110 passes; two seconds of its own and two to start workers.
  expect(estimateOf(work, pace, null, 2)).toEqual({
    seconds: 4 + (110 * 0.5) / 2,
    quietSeconds: 4 + (110 * 0.2) / 2,
    memoryMb: 600,
    diskMb: 360,
  });
  expect(estimateOf(work, pace, null, 1).seconds).toBe(4 + 110 * 0.5);
  expect(estimateOf({ ...work, threads: 2 }, pace, null, 2).seconds).toBe(4 + 110 * 0.5);
});

it('is what an earlier run took of a stage without an encoder', () => {
  expect(estimateOf(null, null, 7, 2).seconds).toBe(7);
  expect(estimateOf(null, null, null, 2)).toEqual({ seconds: 2, quietSeconds: 2, memoryMb: 0, diskMb: 0 });
});

it('adds up times and files, and takes the largest memory', () => {
  const one = { seconds: 1, quietSeconds: 1, memoryMb: 5, diskMb: 7 };
  expect(totalOf([one, { ...one, memoryMb: 9 }])).toEqual({
    seconds: 2,
    quietSeconds: 2,
    memoryMb: 9,
    diskMb: 14,
  });
});
