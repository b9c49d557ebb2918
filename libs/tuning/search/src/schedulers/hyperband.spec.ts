/** Golden sizes, worked out by hand from Algorithm 1 of Li et al. (2018), "Hyperband". */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bracketRungs, fullFidelityPlan, hyperbandPlan, type RungPlan } from './hyperband.js';

/** All rungs of every bracket. */
const rungsOf = (plan: RungPlan) => plan.brackets.map((bracket) => bracketRungs(plan, bracket));

/** [n_i, r_i] by bracket, as the paper writes them. */
const table = (full: number, eta: number, options?: { minimum: number }): number[][][] =>
  rungsOf(hyperbandPlan(full, eta, options)).map((rungs) => rungs.map((r) => [r.trials, r.fidelity]));

it('R = 81, η = 3: the paper’s example', () => {
  // s_max = 4. n = ⌈5/(s+1)·3^s⌉: 81, ⌈33.75⌉ = 34, 15, ⌈7.5⌉ = 8, 5; then thirds, rounded down.
  expect(table(81, 3)).toEqual([
    [[81, 1], [27, 3], [9, 9], [3, 27], [1, 81]], // prettier-ignore
    [[34, 3], [11, 9], [3, 27], [1, 81]], // prettier-ignore
    [[15, 9], [5, 27], [1, 81]], // prettier-ignore
    [[8, 27], [2, 81]], // prettier-ignore
    [[5, 81]],
  ]);
});

it('R = 9, η = 3', () => {
  // s_max = 2. n = ⌈3/(s+1)·3^s⌉: 9, ⌈4.5⌉ = 5, 3.
  expect(table(9, 3)).toEqual([
    [[9, 1], [3, 3], [1, 9]], // prettier-ignore
    [[5, 3], [1, 9]], // prettier-ignore
    [[3, 9]],
  ]);
});

it('R = 27, η = 3', () => {
  // s_max = 3. n = ⌈4/(s+1)·3^s⌉: 27, 12, 6, 4.
  expect(table(27, 3)).toEqual([
    [[27, 1], [9, 3], [3, 9], [1, 27]], // prettier-ignore
    [[12, 3], [4, 9], [1, 27]], // prettier-ignore
    [[6, 9], [2, 27]], // prettier-ignore
    [[4, 27]],
  ]);
});

it('R = 16, η = 4 and R = 243, η = 3, whose logarithms round badly', () => {
  expect(table(16, 4)).toEqual([
    [[16, 1], [4, 4], [1, 16]], // prettier-ignore
    [[6, 4], [1, 16]], // prettier-ignore
    [[3, 16]],
  ]);
  expect(hyperbandPlan(243, 3).fidelities).toEqual([1, 3, 9, 27, 81, 243]);
  expect(hyperbandPlan(243, 3).brackets.map(({ trials }) => trials)).toEqual([243, 98, 41, 18, 9, 6]);
});

it('keeps to the least fidelity, and to whole numbers where its units are whole', () => {
  expect(hyperbandPlan(10, 3).fidelities).toEqual([1, 3, 10]);
  expect(hyperbandPlan(9, 3, { minimum: 3 }).fidelities).toEqual([3, 9]);
  expect(hyperbandPlan(9, 3, { minimum: 2 }).fidelities).toEqual([3, 9]);
  const fractions = hyperbandPlan(1, 3, { minimum: 0.1 }).fidelities;
  [1 / 9, 1 / 3, 1].forEach((wanted, i) => expect(fractions[i]).toBeCloseTo(wanted, 12));
  expect(hyperbandPlan(1, 3)).toEqual({ eta: 3, fidelities: [1], brackets: [{ firstRung: 0, trials: 1 }] });
  expect(fullFidelityPlan(9).fidelities).toEqual([9]);
});

it('costs no bracket more than (s_max + 1)·R and what rounding up adds, whatever R and η', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 5 }), (full, eta) => {
      const plan = hyperbandPlan(full, eta);
      plan.fidelities.forEach((fidelity, i) => {
        expect(fidelity).toBeGreaterThan(plan.fidelities[i - 1] ?? 0);
        expect(fidelity).toBeGreaterThanOrEqual(1);
      });
      expect(plan.fidelities.at(-1)).toBe(full);
      for (const rungs of rungsOf(plan)) {
        const cost = rungs.reduce((sum, rung) => sum + rung.trials * rung.fidelity, 0);
        // One trial more for rounding n up, half a unit more a trial for rounding a rung.
        const rounded = rungs.reduce((sum, rung) => sum + rung.fidelity + rung.trials / 2, 0);
        expect(cost).toBeLessThanOrEqual(plan.fidelities.length * full + rounded);
      }
    }),
  );
});

it.each([
  [9, 1, {}, 'eta is 1'],
  [9, NaN, {}, 'eta is NaN'],
  [0.5, 3, {}, 'from 1 to 0.5'],
  [9, 3, { minimum: 0 }, 'from 0 to 9'],
  [Infinity, 3, {}, 'to Infinity'],
])('refuses R = %d, η = %d, %j', (full, eta, options, message) => {
  expect(() => hyperbandPlan(full, eta, options)).toThrow(message);
});
