/** Figures counted by hand from a handful of answers. */
import { describe, expect, it } from 'vitest';
import { commonestShare, figureOf, figuresOf, type ModelName, type PartPredictions } from './index.js';

const OPTIONS = { resamples: 2000, seed: 1, level: 0.95 };
const label = Int32Array.of(0, 1, 2, 1, 1);
const index = Int32Array.of(3, 5, 7, 8, 9);
const answers = (
  measure: ModelName,
  part: 'original' | 'shifted',
  seed: number,
  ...predicted: number[]
): PartPredictions => ({ measure, part, seed, index, label, predicted: Int32Array.from(predicted) });

const predictions = [
  answers('before', 'original', 1, 0, 1, 2, 1, 0), // 4 of 5
  answers('before', 'original', 2, 0, 1, 2, 0, 0), // 3 of 5
  answers('after', 'original', 1, 0, 1, 0, 1, 0), // 3 of 5
  answers('after', 'original', 2, 0, 0, 0, 1, 0), // 2 of 5
  answers('shifted-alone', 'shifted', 1, 0, 1, 2, 1, 1), // 5 of 5
  answers('shifted-alone', 'shifted', 2, 0, 1, 2, 1, 0), // 4 of 5
];
const figures = figuresOf(predictions, OPTIONS);

describe('figuresOf', () => {
  it('means over seeds and rows, with the deviation over seeds', () => {
    const before = figureOf(figures, 'before');
    expect(before).toMatchObject({ seeds: 2, rows: 5, majority: 0.6 });
    expect(before?.accuracy).toBeCloseTo(0.7, 12);
    expect(before?.sd).toBeCloseTo(Math.SQRT1_2 / 5, 12);
    expect(figureOf(figures, 'shifted-alone', 'shifted')?.accuracy).toBeCloseTo(0.9, 12);
  });

  it('differences of the same rows and seeds, where both are there', () => {
    const difference = figureOf(figures, 'after - before');
    expect(difference?.accuracy).toBeCloseTo(-0.2, 12);
    // One answer less with either seed.
    expect(difference?.sd).toBeCloseTo(0, 12);
    // By row, mean of seeds: 0, -1/2, -1, +1/2, 0: no mean of five drawn rows can leave this range.
    expect(difference?.low).toBeGreaterThanOrEqual(-1);
    expect(difference?.high).toBeLessThanOrEqual(0.5);
    expect(difference?.low).toBeLessThan(-0.2);
    expect(difference?.high).toBeGreaterThan(-0.2);
    expect(figures.map(({ measure, part }) => `${part} ${measure}`)).toEqual([
      'original before',
      'original after',
      'original after - before',
      'shifted shifted-alone',
    ]);
  });

  it('differences of runs with the same seed, whatever the order of the runs', () => {
    expect(figuresOf([...predictions].reverse(), OPTIONS)).toEqual(figures);
    const [, , third, fourth, ...others] = predictions;
    const mingled = [...predictions.slice(0, 2), fourth!, third!, ...others];
    expect(figureOf(figuresOf(mingled, OPTIONS), 'after - before')?.sd).toBeCloseTo(0, 12);
    // Seed 2 has no answers after: what is left is the difference of seed 1, 3 of 5 less 4 of 5.
    const single = figureOf(figuresOf([...predictions.slice(0, 3), ...others], OPTIONS), 'after - before');
    expect(single).toMatchObject({ seeds: 1, sd: null });
    expect(single?.accuracy).toBeCloseTo(-0.2, 12);
    // Seeds that have nothing in common have no difference.
    expect(figureOf(figuresOf([predictions[0]!, fourth!], OPTIONS), 'after - before')).toBeUndefined();
  });

  it('one seed has no deviation', () => {
    const [figure] = figuresOf([answers('mixed', 'shifted', 4, 0, 0, 0, 0, 0)], OPTIONS);
    expect(figure).toMatchObject({ measure: 'mixed', seeds: 1, sd: null, accuracy: 0.2 });
  });
});

it('commonestShare', () => {
  expect(commonestShare(Int32Array.of(2, 0, 2, 1))).toBe(0.5);
});
