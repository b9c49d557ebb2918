import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SearchSpace, Value } from './space.js';
import { fromUnit, toUnit } from './unit.js';

const space: SearchSpace = {
  names: ['linear', 'log', 'whole', 'wholeLog', 'choice'],
  parameters: [
    { type: 'float', low: -5, high: 10 },
    { type: 'float', low: 1e-7, high: 1e-3, log: true },
    { type: 'integer', low: 2, high: 5 },
    { type: 'integer', low: 1, high: 100, log: true },
    { type: 'categorical', choices: ['a', 'b', true] },
  ],
};

it('gives the numbers that are worked out by hand', () => {
  // 10^-5 is half of the way from 10^-7 to 10^-3; 3 owns the second quarter; 10 owns ln 9.5 … ln 10.5 of ln
  // 0.5 … ln 100.5.
  const logTen = ((Math.log(9.5) + Math.log(10.5)) / 2 - Math.log(0.5)) / Math.log(201);
  const unit = toUnit(space, [-2, 1e-5, 3, 10, true]);
  [0.2, 0.5, 0.375, logTen, 2.5 / 3].forEach((wanted, i) => expect(unit[i]).toBeCloseTo(wanted, 12));
});

it('reaches both ends, exactly', () => {
  expect(fromUnit(space, [0, 0, 0, 0, 0])).toEqual([-5, 1e-7, 2, 1, 'a']);
  expect(fromUnit(space, [1, 1, 1, 1, 1])).toEqual([10, 1e-3, 5, 100, true]);
  expect(fromUnit(space, [-1, -0.1, -3, -1, -1])).toEqual([-5, 1e-7, 2, 1, 'a']);
  expect(fromUnit(space, [1.2, 3, 2, 2, 9])).toEqual([10, 1e-3, 5, 100, true]);
});

it('gives whole numbers and choices as much of the interval as each other', () => {
  const grid = Array.from({ length: 1200 }, (_, i) => (i + 0.5) / 1200);
  const counts = new Map<Value, number>();
  for (const u of grid)
    for (const place of [2, 4]) {
      const value = fromUnit(space, [0, 0, u, 0, u])[place]!;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  expect(Object.fromEntries(counts)).toEqual({ 2: 300, 3: 300, 4: 300, 5: 300, a: 400, b: 400, true: 400 });
});

it('comes back to the values that it started from', () => {
  const values = fc.tuple(
    fc.double({ min: -5, max: 10, noNaN: true }),
    fc.double({ min: 1e-7, max: 1e-3, noNaN: true }),
    fc.integer({ min: 2, max: 5 }),
    fc.integer({ min: 1, max: 100 }),
    fc.constantFrom<Value>('a', 'b', true),
  );
  fc.assert(
    fc.property(values, (started) => {
      const unit = toUnit(space, started);
      expect(unit.every((u) => u >= 0 && u <= 1)).toBe(true);
      const [linear, log, ...rest] = fromUnit(space, unit);
      expect(linear).toBeCloseTo(started[0], 12);
      expect(Math.abs(Math.log(Number(log) / started[1]))).toBeLessThan(1e-12);
      expect(rest).toEqual(started.slice(2));
    }),
  );
});

it('comes back to the place that it started from, where values are continuous', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(unit, unit, (a, b) => {
      const back = toUnit(space, fromUnit(space, [a, b, 0.5, 0.5, 0.5]));
      expect(back[0]).toBeCloseTo(a, 12);
      expect(back[1]).toBeCloseTo(b, 12);
    }),
  );
});
