import { expect, it } from 'vitest';
import { SETTINGS } from '../../test/tiny-run.js';
import { groupRates, phaseSteps } from './phase-rates.js';

it('counts steps over epochs, the last short step of each included', () => {
  expect(phaseSteps(SETTINGS, 0, [10, 7])).toBe(2 * 3);
  expect(phaseSteps({ ...SETTINGS, accumulate: 2 }, 0, [10, 7])).toBe(2 * 2);
  expect(phaseSteps({ ...SETTINGS, epochs: { original: 1, shifted: 5 } }, 1, [10, 8])).toBe(5 * 2);
});

it("gives every group the paper's warm-up and cosine, and null where a group is empty", () => {
  const rates = [1e-3, null, 2e-5];
  const steps = 40;
  for (let step = 0; step < steps; step++) {
    const factor = 0.5 * (1 + Math.cos((Math.PI * step) / steps)) * Math.min(1, step / 4);
    const found = groupRates({ ...SETTINGS, rates, warmup: 0.1 }, step, steps);
    expect(found[0]).toBeCloseTo(1e-3 * factor, 12);
    expect(found[1]).toBeNull();
    expect(found[2]).toBeCloseTo(2e-5 * factor, 12);
  }
});

it('warms up over one step at least, and over none where the share is 0', () => {
  const settings = { ...SETTINGS, rates: [1], schedule: 'constant' as const };
  expect([0, 1].map((step) => groupRates({ ...settings, warmup: 1e-3 }, step, 3)[0])).toEqual([0, 1]);
  expect(groupRates({ ...settings, warmup: 0 }, 0, 3)).toEqual([1]);
  expect(groupRates({ ...settings, warmup: 0, minimumRate: 0.1 }, 0, 3)).toEqual([1]);
});

it("falls no lower than the minimum once the rates have risen: transformers' cosine_with_min_lr", () => {
  const [steps, warmup, minimum] = [20, 4, 0.1];
  const settings = { ...SETTINGS, rates: [2], schedule: 'cosine' as const, warmup: warmup / steps };
  for (let step = 0; step < steps; step++) {
    const cosine = 0.5 * (1 + Math.cos((Math.PI * step) / steps));
    const expected = step < warmup ? (cosine * step) / warmup : minimum + (1 - minimum) * cosine;
    expect(groupRates({ ...settings, minimumRate: minimum }, step, steps)[0]).toBeCloseTo(2 * expected, 12);
  }
  expect(groupRates({ ...settings, minimumRate: 0 }, 7, steps)).toEqual(groupRates(settings, 7, steps));
});
