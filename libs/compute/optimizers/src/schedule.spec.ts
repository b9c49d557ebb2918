// The paper's schedule by hand, and as the reference run used it where ../shared is there. (linear and
// constant are compared with transformers in torch.spec.ts.)
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ScheduleName } from './names.js';
import { moves, scheduleFactor, schedules, warmupSteps } from './schedule.js';

const shared = process.env.LAYERWISE_SHARED ?? join(import.meta.dirname, '../../../../../shared');
const fixture = join(shared, 'fixtures/bert/expected.json');

describe('schedules', () => {
  it('warm up over a tenth of the steps, at least one', () => {
    const tenths = [1, 9, 10, 19, 20, 30, 315].map((steps) => warmupSteps(steps));
    expect(tenths).toEqual([1, 1, 1, 1, 2, 3, 31]);
    expect(warmupSteps(30, 0.25)).toBe(7);
  });

  it('begin with the factor 1 where the share of warm-up is 0', () => {
    for (const name of Object.keys(schedules) as ScheduleName[]) {
      for (const total of [1, 2, 10]) {
        expect(warmupSteps(total, 0)).toBe(0);
        expect(scheduleFactor(name, 0, total, warmupSteps(total, 0))).toBe(1);
      }
    }
  });

  it('move nothing in the first step of a warm-up, and something in any other', () => {
    for (const name of ['cosine', 'linear', 'constant'] as const) {
      expect(moves(name, 1, 1, 1)).toBe(false);
      expect(moves(name, 1, 9, 1)).toBe(false);
      expect(moves(name, 2, 2, 1)).toBe(true);
      expect(moves(name, 1, 1, 0)).toBe(true);
    }
    expect(moves('slanted-triangular', 1, 1, 1)).toBe(true);
  });

  it('cosine: ½(1 + cos(πt/T)) · min(1, t/warmup), by hand', () => {
    const half = Math.SQRT1_2 / 2;
    // T = 8, warm-up of 4 steps: ½(1 + cos) of 0, 45, 90, 135 and 180 degrees.
    const decay = [1, 0.5 + half, 0.5, 0.5 - half, 0];
    [0, 2, 4, 6, 8].forEach((step, i) => {
      expect(scheduleFactor('cosine', step, 8, 4)).toBeCloseTo((decay[i] ?? 0) * Math.min(1, step / 4), 15);
    });
    expect(scheduleFactor('cosine', 0, 1)).toBe(0);
    expect(scheduleFactor('cosine', 10, 20)).toBeCloseTo(0.5, 15);
  });

  it.skipIf(!existsSync(fixture))(
    'cosine: the factors of the reference run (skipped without ../shared)',
    () => {
      const { schedule } = JSON.parse(readFileSync(fixture, 'utf8')) as {
        schedule: { total_steps: number; warmup_steps: number; factors: number[] };
      };
      expect(warmupSteps(schedule.total_steps)).toBe(schedule.warmup_steps);
      schedule.factors.forEach((factor, step) => {
        expect(scheduleFactor('cosine', step, schedule.total_steps)).toBeCloseTo(factor, 15);
      });
    },
  );

  it("slanted-triangular: ULMFiT's equation 3, by hand", () => {
    // T = 40, cut_frac = 0.1, so cut = 4; p is 0, ½, 1, then falls by 1/36 a step: ½ at 22, and 1/36 at the
    // last step, 39.
    const at = (step: number): number => scheduleFactor('slanted-triangular', step, 40);
    const expected = [
      [0, 1 / 32],
      [2, (1 + 15.5) / 32],
      [4, 1],
      [22, (1 + 15.5) / 32],
      [39, (1 + 31 / 36) / 32],
    ] as const;
    for (const [step, factor] of expected) expect(at(step)).toBeCloseTo(factor, 15);
    // As the paper writes it, for every step: cut·(1/cut_frac − 1) = 36.
    for (let t = 0; t < 40; t++) {
      const p = t < 4 ? t / 4 : 1 - (t - 4) / (4 * (1 / 0.1 - 1));
      expect(at(t)).toBeCloseTo((1 + p * (32 - 1)) / 32, 12);
    }
    // T = 19 has cut = 1, of which the paper's quotient would be negative from step 11 on.
    expect(scheduleFactor('slanted-triangular', 18, 19)).toBeCloseTo((1 + 31 / 18) / 32, 15);
  });

  it('start at 0 or at 1/32, never exceed 1, never fall below 0', () => {
    for (const name of Object.keys(schedules) as ScheduleName[]) {
      for (const total of [1, 2, 10, 57]) {
        expect(scheduleFactor(name, 0, total)).toBe(name === 'slanted-triangular' ? 1 / 32 : 0);
        for (let step = 0; step < total; step++) {
          expect(scheduleFactor(name, step, total)).toBeGreaterThanOrEqual(0);
          expect(scheduleFactor(name, step, total)).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});
