import { describe, expect, it } from 'vitest';
import { reference } from '../test/reference.js';
import { drawsFor } from './random.js';
import { separability, wilson } from './separability.js';

describe('the interval of a share', () => {
  it.each(reference.wilson)("is SciPy's for $right of $rows", ({ right, rows, low, high }) => {
    const interval = wilson(right, rows);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
    expect(interval.value).toBe(right / rows);
  });
});

it('makes proxy A-distance of the balanced accuracy', () => {
  // Recalls 0.9 and 0.7, whatever the sizes: e = 0.2, 2(1 − 0.4) = 1.2.
  const { balancedAccuracy, proxyADistance } = separability(
    { right: 90, rows: 100 },
    { right: 14, rows: 20 },
  );
  expect(balancedAccuracy.value).toBeCloseTo(0.8, 12);
  expect(proxyADistance.value).toBeCloseTo(1.2, 12);
  expect(proxyADistance.low).toBeCloseTo(2 * (1 - 2 * (1 - balancedAccuracy.low)), 12);
  expect(proxyADistance.high).toBeCloseTo(2 * (1 - 2 * (1 - balancedAccuracy.high)), 12);
  // By hand: Wilson 0.8256 to 0.9448 and 0.4810 to 0.8545; 0.8 ± half the root of the squares.
  expect(balancedAccuracy.low).toBeCloseTo(0.8 - Math.hypot(0.9 - 0.8256, 0.7 - 0.481) / 2, 3);
  expect(balancedAccuracy.high).toBeCloseTo(0.8 + Math.hypot(0.9448 - 0.9, 0.8545 - 0.7) / 2, 3);
});

it('keeps a width where every row is told right', () => {
  const { proxyADistance } = separability({ right: 50, rows: 50 }, { right: 50, rows: 50 });
  expect(proxyADistance.value).toBe(2);
  expect(proxyADistance.high).toBe(2);
  expect(proxyADistance.low).toBeLessThan(1.85);
});

it('holds the truth in about 95 of 100 samples', () => {
  const draw = drawsFor(11, 'coverage');
  const hits = (share: number, rows: number) =>
    Array.from({ length: rows }, () => draw(2 ** 20) < share * 2 ** 20).filter(Boolean).length;
  let held = 0;
  const tests = 2000;
  for (let i = 0; i < tests; i++) {
    const { low, high } = separability(
      { right: hits(0.85, 120), rows: 120 },
      { right: hits(0.7, 40), rows: 40 },
    ).balancedAccuracy;
    if (low <= 0.775 && 0.775 <= high) held++;
  }
  expect(held / tests).toBeGreaterThan(0.935);
  expect(held / tests).toBeLessThan(0.97);
});
