/** Measures by hand, and on figures that the paper prints. */
import { expect, it } from 'vitest';
import { forgetting } from '../index.js';
import { backwardTransfer, intransigence, measuresOf, reward, type Accuracies } from './measures.js';
import { valueOf } from './measures.js';

const of = (originalBefore: number, original: number, shifted: number): Accuracies => ({
  originalBefore: { value: originalBefore },
  original: { value: original },
  shifted: { value: shifted },
});

it('are those of the definitions', () => {
  // MRPC alone (table 1 of the paper), then after SST-2, and SST-2 (table 2).
  const run = of(0.86, 0.74, 0.922);
  expect(valueOf(reward(run))).toBeCloseTo(1.662, 12);
  expect(valueOf(forgetting(run))).toBeCloseTo(0.12, 12);
  expect(valueOf(backwardTransfer(run))).toBeCloseTo(-0.12, 12);
  // SST-2 alone (table 1).
  expect(valueOf(intransigence(run, { value: 0.925 }))).toBeCloseTo(0.003, 12);
});

it('that are undefined carry the reason of what is missing, never a number', () => {
  const missing = { reason: 'training diverged' };
  const measures = measuresOf({ ...of(0.8, 0.7, 0.6), original: missing }, { reason: 'no single' });
  expect(measures).toEqual({
    accuracy_original_before: { value: 0.8 },
    accuracy_original: missing,
    accuracy_shifted: { value: 0.6 },
    reward: missing,
    forgetting: missing,
    backward_transfer: missing,
    intransigence: { reason: 'no single' },
  });
});
