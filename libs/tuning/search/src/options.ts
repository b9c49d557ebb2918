/**
 * The options of how values are searched, each declared once. Light, so that a command line can read it
 * before any sampler is loaded.
 */
import { z } from 'zod';

export const SAMPLER_NAMES = ['gp', 'tpe', 'random'] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

export const SCHEDULER_NAMES = ['hyperband', 'asha', 'none'] as const;
export type SchedulerName = (typeof SCHEDULER_NAMES)[number];

const count = (least: number) => z.number().int().min(least);

/** For `z.object`. What is searched, and by which scheduler, is each command's own. */
export const searchOptions = {
  sampler: z.enum(SAMPLER_NAMES).default('gp').describe('what proposes values'),
  eta: z.number().gt(1).default(3).describe('of a rung, the best one in eta goes on to eta times as much'),
  seed: count(0).default(1).describe('of the proposals, of the runs, and of the rows that choose'),
  maxFailures: count(0)
    .optional()
    .describe('more failed trials than this end the search (default: no number does)'),
};
