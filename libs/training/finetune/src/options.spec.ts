/**
 * Every declared option of training reaches the settings of a run, and one that nobody gave leaves them as
 * they are.
 */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { settingsFrom } from './choices.js';
import { epochsOfTasks, trainingChoices, trainingOptions } from './options.js';

const schema = z.object(trainingOptions);
const plain = schema.parse({ threads: 1 });
const settingsOf = (options: z.input<typeof schema>) =>
  settingsFrom({ ...schema.parse({ threads: 1, ...options }), rates: '1e-3', seed: 1 }, 4);

/** A value of each option that is not its default. */
const OTHERS: Record<keyof typeof trainingOptions, unknown> = {
  groups: 'layers',
  optimizer: 'adamw',
  weightDecay: 0.2,
  schedule: 'linear',
  warmup: 0.3,
  minimumRate: 0.1,
  epochs: 4,
  epochsOriginal: 5,
  epochsShifted: 6,
  batch: 7,
  accumulate: 2,
  groupByLength: true,
  maxLength: 32,
  clipNorm: 1,
  dropout: 0.4,
  recompute: true,
  engine: 'tfjs-wasm',
  provider: 'webgpu',
  threads: 3,
};

it.each(Object.entries(OTHERS))('%s changes the settings', (name, value) => {
  const base = name === 'weightDecay' ? { optimizer: 'adamw' as const } : {};
  const changed = settingsOf({ ...base, [name]: value });
  expect(changed).not.toEqual(settingsOf(base));
  // By way of a search's record, too.
  const recorded = trainingChoices(schema.parse({ threads: 1, ...base, [name]: value }));
  expect(settingsFrom({ ...recorded, rates: '1e-3', seed: 1 }, 4)).toEqual(changed);
});

it('what is off is absent, so that an option that comes later changes no fingerprint', () => {
  expect(settingsOf({ groupByLength: false, recompute: false })).toEqual(settingsOf({}));
  expect(Object.keys(settingsOf({}))).not.toContain('groupByLength');
});

it('epochs hold for both tasks but where one has its own', () => {
  expect(epochsOfTasks({ ...plain, epochs: 2 })).toEqual({ epochsOriginal: 2, epochsShifted: 2 });
  expect(epochsOfTasks({ ...plain, epochsShifted: 5 })).toEqual({ epochsOriginal: 3, epochsShifted: 5 });
});

it('no epochs are recorded beside those of each task', () => {
  expect(schema.parse({ threads: 1, epochsOriginal: 1, epochsShifted: 2 })).not.toHaveProperty('epochs');
});
