/** The committed numbers of NumPy, SciPy and scikit-learn: tools/reference/shift_summary_numbers.py. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { formulaVectors } from './formula.js';

const logistic = z.object({
  c: z.number(),
  coefficients: z.array(z.number()),
  intercept: z.number(),
  trainBalancedAccuracy: z.number(),
  balancedAccuracy: z.number(),
  scores: z.array(z.number()),
});
const schema = z.object({
  cases: z.array(
    z.object({
      rowsOriginal: z.number(),
      rowsShifted: z.number(),
      size: z.number(),
      shift: z.number(),
      mmd: z.object({ medianDistance: z.number(), mmdSquared: z.number() }),
      logistic: z.array(logistic),
    }),
  ),
  wilson: z.array(z.object({ right: z.number(), rows: z.number(), low: z.number(), high: z.number() })),
});
type Case = z.infer<typeof schema>['cases'][number];

const file = new URL('../fixtures/reference.json', import.meta.url);
export const reference = schema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** The train rows of both parts of a case. */
export const trainRows = ({ rowsOriginal, rowsShifted, size, shift }: Case) =>
  [formulaVectors(rowsOriginal, size, 0, 0), formulaVectors(rowsShifted, size, 1000, shift)] as const;

/** The held-out rows of both parts of a case: 50 and 30. */
export const heldOutRows = ({ size, shift }: Case) =>
  [formulaVectors(50, size, 3000, 0), formulaVectors(30, size, 5000, shift)] as const;
