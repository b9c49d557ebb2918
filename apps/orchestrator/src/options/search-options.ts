/**
 * The options that say how values are searched; `study` and `search` have them. What is searched is the
 * command's own.
 */
import { type Command, Option } from 'commander';
import { InputError } from '@layerwise/errors';
import type { SamplerName, SchedulerName } from '@layerwise/search';
import { wholeNumber } from './option-types.js';

export interface SearchOptions {
  readonly sampler: SamplerName;
  /** Factor between rungs. */
  readonly eta: number;
  readonly seed: number;
  /** More failed trials than this end the search; undefined: none do. */
  readonly maxFailures?: number;
}

/** How many of the best trials are run again, with how many fresh seeds each. */
export interface Repeats {
  readonly best: number;
  readonly seeds: number;
}

// Written down again, because importing the lib would load it before it is needed; a test compares them.
export const samplerNames: readonly SamplerName[] = ['gp', 'tpe', 'random'];
export const schedulerNames: readonly SchedulerName[] = ['hyperband', 'asha', 'none'];

export function addSearchOptions(command: Command): Command {
  return command
    .addOption(new Option('--sampler <name>', 'what proposes values').choices(samplerNames).default('gp'))
    .option(
      '--eta <factor>',
      'of a rung, the best one in eta goes on to eta times as much',
      factor('--eta'),
      3,
    )
    .option('--seed <n>', 'of the proposals, and of the seeds of runs', wholeNumber('--seed', 0), 1)
    .option(
      '--max-failures <n>',
      'more failed trials than this end the search (default: none do)',
      wholeNumber('--max-failures', 0),
    );
}

/** A number above 1. */
function factor(option: string): (word: string) => number {
  return (word) => {
    const value = /^\d+(\.\d+)?$/.test(word) ? Number(word) : NaN;
    if (value > 1) return value;
    throw new InputError(`${option} must be a number above 1, not "${word}".`);
  };
}

/** `3x2`: the 3 best trials, 2 fresh seeds each. */
export function repeats(option: string): (word: string) => Repeats {
  return (word) => {
    const [, best, seeds] = /^(\d{1,4})x(\d{1,4})$/.exec(word) ?? [];
    if (best !== undefined && seeds !== undefined) return { best: Number(best), seeds: Number(seeds) };
    throw new InputError(
      `${option} must say how many of the best trials are run again and with how many seeds each, such as 3x3, not "${word}".`,
    );
  };
}
