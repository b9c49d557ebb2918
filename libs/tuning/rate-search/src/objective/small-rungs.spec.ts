/** The caution about rungs of few steps, by hand. */
import { hyperbandPlan, fullFidelityPlan } from '@layerwise/search';
import { expect, it } from 'vitest';
import type { FinetuneRecord } from '../searches/record.js';
import { smallRungCaution } from './small-rungs.js';

const record = (original: number, shifted: number, warmup = 0.1) =>
  ({
    kind: 'finetune',
    rung: 'resumed',
    lengths: { original, shifted },
    training: { schedule: 'cosine', warmup },
  }) as unknown as FinetuneRecord;

it('is given where the shorter phase of the lowest rung has fewer than 100 steps', () => {
  // A ninth of 375 steps is 42, a third of 375 is 125.
  expect(smallRungCaution(record(4000, 375), hyperbandPlan(9, 3))).toContain('trains 42 steps a phase');
  expect(smallRungCaution(record(375, 375), hyperbandPlan(3, 3))).toBeNull();
  expect(smallRungCaution(record(9, 9, 0), hyperbandPlan(9, 3))).toContain('trains 1 step a phase');
  expect(smallRungCaution(record(900, 900), hyperbandPlan(9, 3))).toBeNull();
});

it('says that no weight moves in a rung of one step of warm-up', () => {
  expect(smallRungCaution(record(900, 9), hyperbandPlan(9, 3))).toContain('no weight moves');
  expect(smallRungCaution(record(18, 18), hyperbandPlan(9, 3))).toContain('trains 2 steps a phase');
});

it('is not given without rungs, nor for the units of a command', () => {
  expect(smallRungCaution(record(10, 10), fullFidelityPlan(9))).toBeNull();
  const command = { kind: 'command', command: 'true', directory: '/' } as const;
  expect(smallRungCaution(command, hyperbandPlan(9, 3))).toBeNull();
});
