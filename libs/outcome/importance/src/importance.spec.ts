/** The whole way from trials to shares and rates, on functions whose shares and optimum are known. */
import { describe, expect, it } from 'vitest';
import { renderChart } from '@layerwise/charts';
import { importanceChart, importanceOf, importanceText, type Interval } from './index.js';
import { observedOf } from '../test/observed-of.js';

const settings = { draws: 30, points: 256, seed: 1 };
const holds = ({ low, high }: Interval, value: number, slack = 0.03): boolean =>
  low - slack <= value && value <= high + slack;

describe('of four groups, two with an effect of their own, one with half of it, one without any', () => {
  // Variances by hand: of c·u with u even over 0…1 it is c²/12.
  const trials = observedOf(4, 48, ([a = 0, b = 0, c = 0]) => 1 + 2 * a + 2 * b - c);
  const importance = importanceOf(trials, null, settings);
  const shares = [4, 4, 1, 0].map((part) => part / 9);

  it('shares are those of the function', () => {
    importance.groups.forEach(({ name, first, total }, i) => {
      expect(Math.abs(first.mean - shares[i]!), `${name} alone`).toBeLessThan(0.04);
      expect(Math.abs(total.mean - shares[i]!), `${name} in all`).toBeLessThan(0.04);
      expect(holds(first, shares[i]!), name).toBe(true);
    });
    expect(importance.groups[3]!.total.high).toBeLessThan(0.02);
    expect(importance.deviation.mean).toBeCloseTo(Math.sqrt(9 / 12), 1);
    expect(importance.predicts).toBeGreaterThan(0.95);
  });

  it('best rates are at the ends, the best flat one too, as far apart as the third group tells', () => {
    const { flat, best, difference, probability } = importance.predicted!;
    expect(best.rates.slice(0, 3).map((rate) => Math.round(Math.log10(rate)))).toEqual([-3, -3, -7]);
    expect(Math.log10(flat.rate)).toBeCloseTo(-3, 1);
    expect(best.reward.mean).toBeCloseTo(5, 1);
    expect(flat.reward.mean).toBeCloseTo(4, 1);
    expect(difference.mean).toBeCloseTo(1, 1);
    expect(difference.low).toBeGreaterThan(0.8);
    expect(probability).toBe(1);
  });

  it('text and figure say so', async () => {
    const text = importanceText(importance);
    expect(text).toMatch(/^made: 48 full runs, 0 shorter ones; 0 trials told no reward\n/);
    expect(text).toMatch(/ 3 {2}head +0\.00 \(0\.00 … 0\.0\d\) +0\.00 \(0\.00 … 0\.0\d\)/);
    expect(text).toMatch(/difference \+\d\.\d+ \(\+0\.\d+ … \+1\.\d+\), above 0 in 100 % of the draws/);
    expect(text).not.toContain('too little');
    const { measured } = importance;
    const withBest = (values: readonly number[]): string =>
      importanceText({ ...importance, measured: { ...measured, best: { ...measured.best!, values } } });
    expect(withBest([1e-3, 1e-4, 1e-5, 1e-7])).toMatch(/measured, the best trial +\d\.\d{4} \(trial/);
    expect(withBest([1e-4, 1e-4, 1e-4, 1e-4])).toMatch(
      /measured, the best trial +\d\.\d{4} at 1\.0e-4 \(trial/,
    );
    const { svg } = await renderChart(importanceChart(importance));
    for (const word of ['alone', 'with interactions', 'embeddings', 'head']) expect(svg).toContain(word);
  });

  it('the same seed gives the same bits', () => {
    expect(importanceOf(trials, null, settings)).toEqual(importance);
  });
});

it('interactions show in the difference of the two shares', () => {
  // (a − ½)(b − ½) has no main effects at all, and c's is 0.05²/12 of a variance of 0.05²/12 + 1/144.
  const trials = observedOf(3, 60, ([a = 0, b = 0, c = 0]) => (a - 0.5) * (b - 0.5) + 0.05 * c);
  const [a, b, c] = importanceOf(trials, null, settings).groups;
  const share = 1 / 144 / (1 / 144 + 0.05 ** 2 / 12);
  for (const group of [a!, b!]) {
    expect(group.first.mean).toBeLessThan(0.06);
    expect(Math.abs(group.total.mean - share)).toBeLessThan(0.06);
  }
  expect(Math.abs(c!.total.mean - (1 - share))).toBeLessThan(0.04);
});

it('where the level is all that matters, the best rates are predicted no better than the flat one', () => {
  const trials = observedOf(3, 40, (unit) => {
    const level = unit.reduce((sum, one) => sum + one, 0) / 3;
    return 1 - 4 * (level - 0.55) ** 2;
  });
  const { flat, difference } = importanceOf(trials, null, settings).predicted!;
  // 0.55 of the way from 1e-7 to 1e-3.
  expect(Math.abs(Math.log10(flat.rate) + 4.8)).toBeLessThan(0.15);
  expect(holds(difference, 0, 0)).toBe(true);
  expect(difference.mean).toBeLessThan(0.02);
  expect(difference.mean).toBeGreaterThanOrEqual(0);
});

it('says where the process tells nothing', () => {
  // Rewards by lot: no function of the rates.
  let state = 7;
  const lot = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const noise = importanceOf(observedOf(3, 30, lot), null, settings);
  expect(noise.predicts).toBeLessThan(0.2);
  expect(importanceText(noise)).toContain('too little to conclude from');
});

it('refuses a search for one rate', () => {
  const one = observedOf(2, 8, ([a = 0]) => a);
  const flat = { ...one, names: ['lr'], file: 'flat.arrow' };
  expect(() => importanceOf(flat, null, settings)).toThrow('flat.arrow is of a search for lr alone');
});

it('refuses a control of another pair', () => {
  const trials = observedOf(2, 8, ([a = 0]) => a);
  const other = { ...trials, file: 'control.arrow', statedPair: 'lake' };
  expect(() => importanceOf(trials, other, settings)).toThrow(
    'made.arrow is of the pair made and the control control.arrow of lake; give the control of the same pair.',
  );
});
