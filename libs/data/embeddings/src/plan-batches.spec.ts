import { expect, it } from 'vitest';
import { planBatches, type BatchPlan } from './plan-batches.js';

const textsOf = (lengths: readonly number[]) => {
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((length, text) => (offsets[text + 1] = offsets[text]! + length));
  return { offsets, ids: new Int32Array(offsets.at(-1)!), types: [] };
};
const batchesOf = ({ order, starts }: BatchPlan): number[][] =>
  starts.slice(1).map((end, batch) => [...order.subarray(starts[batch], end)]);

it('takes the longest first, as many as have room, texts of one length in their order', () => {
  // By hand, 12 places: 9 | 5 + 5 (a third would make 15) | 4, 4, 3 (3 x 4) | 1
  expect(batchesOf(planBatches(textsOf([5, 4, 9, 1, 4, 5, 3]), 12))).toEqual([[2], [0, 5], [1, 4, 6], [3]]);
});

it('gives a text that is longer than a batch one of its own, and no batch where there is no text', () => {
  expect(batchesOf(planBatches(textsOf([3, 50, 2]), 6))).toEqual([[1], [0, 2]]);
  expect(batchesOf(planBatches(textsOf([]), 6))).toEqual([]);
});

it('has every text once and no batch beyond its limit, whatever the lengths', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const lengths = Array.from({ length: (seed * 37) % 90 }, (_, i) => 1 + ((i * i * seed + 7 * i) % 31));
    const limit = 1 + ((seed * 53) % 200);
    const batches = batchesOf(planBatches(textsOf(lengths), limit));
    expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
    for (const batch of batches) {
      expect(batch.length).toBeGreaterThan(0);
      if (batch.length > 1) expect(batch.length * lengths[batch[0]!]!).toBeLessThanOrEqual(limit);
    }
  }
});
