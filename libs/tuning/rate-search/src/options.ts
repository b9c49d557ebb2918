/**
 * The options of a search for learning rates, each declared once for the command `search`, the stage `search`
 * and presets. Light, so that a command line can read it before any engine is loaded.
 */
import { trainingOptions } from '@layerwise/finetune/options';
import { SCHEDULER_NAMES, searchOptions } from '@layerwise/search/options';
import { z } from 'zod';

/** What can be searched; `spaces/spaces.ts` says what each makes of its values. */
export const NAMED_SPACES = ['groups', 'flat', 'decay', 'discriminative'] as const;
export type SpaceName = (typeof NAMED_SPACES)[number];

/** Which rows choose between trials (`objective/selection.ts`). */
export const PROTOCOLS = ['held-out', 'paper'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What a rung of two phases is; docs/decisions/0017-what-a-rung-means.md: why the first is the default. */
export const RUNG_NAMES = ['resumed', 'short', 'cut'] as const;
export type RungName = (typeof RUNG_NAMES)[number];

const count = (least: number) => z.number().int().min(least);

const { sampler, eta, ...proposalOptions } = searchOptions;

/** Of a search for the parameters of any training, ours or a person's command; for `z.object`. */
export const studyOptions = {
  space: z
    .string()
    .default('groups')
    .describe(`${NAMED_SPACES.join(', ')}, or a JSON file with parameters`),
  trials: count(1).default(50).describe('trials, repeats not counted'),
  budget: count(1).optional().describe('training steps at most, repeats not counted'),
  sampler,
  scheduler: z.enum(SCHEDULER_NAMES).default('hyperband').describe('what stops trials early'),
  full: count(1).default(9).describe('parts of a whole run, at which rungs lie'),
  eta,
  repeatsBest: count(0).default(3).describe('so many of the best trials again'),
  repeatsSeeds: count(0).default(3).describe('with so many fresh seeds each'),
  workers: count(1).default(1).describe('trials at once, each in a process of its own'),
  checkpointBudget: z
    .number()
    .positive()
    .default(20e9)
    .meta({ description: 'bytes of checkpoints of paused trials, also as 20GB', unit: 'bytes' }),
  ...proposalOptions,
};

const { workers, checkpointBudget, seed, ...trialOptions } = studyOptions;

/** Of a search whose trials are our own fine-tuning of a pair; for `z.object`. Presets keep this order. */
export const rateSearchOptions = {
  ...trialOptions,
  withControl: z
    .boolean()
    .default(true)
    .describe('also searches one rate for all groups, with as many steps, and compares'),
  protocol: z
    .enum(PROTOCOLS)
    .default('held-out')
    .describe('rows that choose: held out of training, or the dev splits as in the paper'),
  heldOut: count(1).default(1000).describe('rows beyond the train limit that choose, at most'),
  rung: z.enum(RUNG_NAMES).default('resumed').describe('what a rung of two phases is'),
  workers,
  checkpointBudget,
  ...trainingOptions,
  seed,
};

export type StudyOptions = z.output<z.ZodObject<typeof studyOptions>>;
export type RateSearchOptions = z.output<z.ZodObject<typeof rateSearchOptions>>;
