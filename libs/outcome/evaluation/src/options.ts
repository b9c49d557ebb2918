/**
 * The options of an evaluation, each declared once for the command `evaluate`, the stage `evaluation` and
 * presets. Light, so that a command line can read it before any engine is loaded.
 */
import {
  METHOD_DECLARATIONS,
  methodOptions,
  trainingOptions,
  type MethodDeclaration,
} from '@layerwise/finetune/options';
import { z } from 'zod';

const FLAT_COMBINED: MethodDeclaration = { order: 5, rates: { of: 'control', pairs: 'others' } };

/** The methods of runs, and after `combined` its control, which only an evaluation has searches for. */
export const EVALUATED_METHODS: Readonly<Record<string, MethodDeclaration>> = Object.fromEntries(
  Object.entries<MethodDeclaration>(METHOD_DECLARATIONS).flatMap((method) =>
    method[0] === 'combined' ? [method, ['flat-combined', FLAT_COMBINED]] : [method],
  ),
);

const count = (least: number) => z.number().int().min(least);

/** For `z.object`. */
export const evaluationOptions = {
  methods: z
    .array(z.string())
    .default(['flat', 'replay', 'single', 'joint'])
    .describe(`methods by name: ${Object.keys(EVALUATED_METHODS).join(', ')}`),
  seeds: z.array(count(0)).default([1, 2, 3]).describe('of heads, shuffling and dropout: a run for each'),
  rate: z.number().min(0).default(2e-5).describe('the flat learning rate of all methods that search none'),
  tunedRivals: z
    .boolean()
    .default(false)
    .describe(
      'gives the methods that search no rates, flat aside, the rate that flat-tuned has (a pair that was not searched: flat-combined)',
    ),
  trainLimit: count(1).optional().describe('only the first rows of each training split'),
  workers: count(1).default(1).describe('runs at once, each in a process of its own'),
  resamples: count(100).default(2000).describe('of the bootstrap over dev rows'),
  ...methodOptions,
  ...trainingOptions,
};

export type EvaluationOptions = z.output<z.ZodObject<typeof evaluationOptions>>;
