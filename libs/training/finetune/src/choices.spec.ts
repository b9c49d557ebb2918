import { InputError } from '@layerwise/errors';
import { paperGrouping, recipes } from '@layerwise/optimizers';
import { expect, it } from 'vitest';
import { settingsFrom, type Choices } from './choices.js';

const CHOICES: Choices = {
  rates: '1e-3',
  groups: 'paper',
  optimizer: 'adam',
  schedule: 'linear',
  warmup: 0.2,
  epochsOriginal: 1,
  epochsShifted: 2,
  batch: 8,
  accumulate: 2,
  maxLength: 64,
  seed: 5,
  engine: 'tfjs-cpu',
  provider: 'cpu',
  threads: 3,
};

it('are what a person chose, and null where nothing was', () => {
  expect(settingsFrom(CHOICES, 4)).toEqual({
    rates: [1e-3, null, 1e-3, null, 1e-3, null, 1e-3, null, 1e-3, 1e-3],
    grouping: paperGrouping(4),
    optimizer: recipes.adam,
    schedule: 'linear',
    warmup: 0.2,
    epochs: { original: 1, shifted: 2 },
    batch: 8,
    accumulate: 2,
    maximumLength: 64,
    clipNorm: null,
    dropout: null,
    seed: 5,
    engine: 'tfjs-cpu',
    provider: 'cpu',
    threads: 3,
  });
});

it('lie in the order in which options are declared, as records on disk have them', () => {
  const names = Object.keys(settingsFrom({ ...CHOICES, groupByLength: true, recompute: true }, 4)).join(' ');
  expect(names).toBe(
    'rates grouping optimizer schedule warmup epochs batch accumulate groupByLength maximumLength clipNorm dropout recompute engine provider threads seed',
  );
});

it('take zeros for zeros, and a decay of their own', () => {
  const { clipNorm, dropout, optimizer } = settingsFrom(
    { ...CHOICES, clipNorm: 0, dropout: 0, optimizer: 'adamw', weightDecay: 0 },
    4,
  );
  expect([clipNorm, dropout, optimizer]).toEqual([null, 0, { ...recipes.adamw, weightDecay: 0 }]);
  expect(settingsFrom({ ...CHOICES, optimizer: 'adamw' }, 4).optimizer).toEqual(recipes.adamw);
});

it('refuse rates and groups that make no sense', () => {
  expect(() => settingsFrom({ ...CHOICES, rates: '1,2' }, 4)).toThrow(InputError);
  expect(() => settingsFrom({ ...CHOICES, groups: 'nowhere.yaml' }, 4)).toThrow(InputError);
});
