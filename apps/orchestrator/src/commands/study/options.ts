/** The options of `layerwise study`: those of a search, of which it has no more than its program asks for. */
import { studyOptions as searched } from '@layerwise/rate-search/options';
import { searchOptions } from '@layerwise/search/options';
import { z } from 'zod';

const count = (least: number) => z.number().int().min(least);

export const studyOptions = {
  trials: count(1).optional().describe('ends after so many (default: only with the input)'),
  scheduler: searched.scheduler
    .default('none')
    .describe('what stops trials early (default: every run is a whole one)'),
  full: count(1)
    .optional()
    .describe(
      'what a whole run is, in epochs or another unit of yours, in which answers say the fidelity to reach (default: 1)',
    ),
  minimum: count(1).optional().describe('the lowest rung, in the unit of --full (default: 1)'),
  budget: z
    .number()
    .min(0)
    .optional()
    .describe('ends when the runs took so much, in the unit of --full (default: never)'),
  repeatsBest: searched.repeatsBest.default(0).describe('after --trials, runs so many of the best again'),
  repeatsSeeds: searched.repeatsSeeds.default(0).describe('with so many fresh seeds each'),
  ...searchOptions,
};

export interface StudyCommandOptions extends z.output<z.ZodObject<typeof studyOptions>> {
  /** A JSON file. */
  readonly space: string;
  /** Undefined: nothing is kept. */
  readonly journal?: string;
  /** A JSON file of points that are tried first. */
  readonly given?: string;
}
