/** `layerwise study`: the options of a study that another program drives. The work is `../study-run.ts`. */
import { Command, Option } from 'commander';
import type { SchedulerName } from '@layerwise/search';
import { amount, wholeNumber } from '../../options/option-types.js';
import {
  addSearchOptions,
  repeats,
  schedulerNames,
  type Repeats,
  type SearchOptions,
} from '../../options/search-options.js';

/** What `../study-run.ts` receives: every option, parsed. */
export interface StudyCommandOptions extends SearchOptions {
  /** A JSON file. */
  readonly space: string;
  /** Undefined: nothing is kept. */
  readonly journal?: string;
  readonly scheduler: SchedulerName;
  /** Undefined: fidelities are left out of the answers. */
  readonly full?: number;
  /** The lowest rung, in the unit of `full`; undefined: 1. */
  readonly minimum?: number;
  /** Undefined: no end of them. */
  readonly trials?: number;
  /** In the unit of `full`; undefined: no end of it. */
  readonly budget?: number;
  readonly repeats: Repeats;
  /** A JSON file of points that are tried first. */
  readonly given?: string;
}

export function studyCommand(): Command {
  const command = new Command('study')
    .description('Searches for a program that trains by itself: it asks and tells, in lines of JSON.')
    .requiredOption(
      '--space <file>',
      'what is searched, in JSON: {"lr0":{"type":"float","low":1e-7,"high":1e-3,"log":true},…}',
    )
    .option(
      '--journal <file>',
      'keeps the study, and goes on with the one that is there (default: kept nowhere)',
    )
    .option('--trials <n>', 'ends after so many (default: only with the input)', wholeNumber('--trials', 1))
    .option('--given <file>', 'points that are tried first, in JSON: [{"lr0":2e-5,…},…]')
    .addOption(
      new Option('--scheduler <name>', 'what stops trials early; none: every run is a whole one')
        .choices(schedulerNames)
        .default('none'),
    )
    .option(
      '--full <n>',
      'what a whole run is, in epochs or another unit of yours, in which answers say the fidelity to reach (default: 1)',
      wholeNumber('--full', 1),
    )
    .option(
      '--minimum <n>',
      'the lowest rung, in the unit of --full (default: 1)',
      wholeNumber('--minimum', 1),
    )
    .option(
      '--budget <n>',
      'ends when the runs took so much, in the unit of --full (default: never)',
      amount('--budget'),
    )
    .addOption(
      new Option(
        '--repeats <best>x<seeds>',
        'after --trials, run so many of the best again with so many fresh seeds each',
      )
        .argParser(repeats('--repeats'))
        .default({ best: 0, seeds: 0 }, '0x0'),
    );
  return addSearchOptions(command)
    .addHelpText('after', PROTOCOL)
    .action(async (options: StudyCommandOptions) => {
      const { runStudy } = await import('./run.js');
      await runStudy(options);
    });
}

const PROTOCOL = `
A line on stdin, and its answer on stdout:
  {"ask":1}                             {"trial":3,"values":[…],"fidelity":9}; or {"wait":true}, {"done":true,…}
  {"tell":3,"reward":1.7}               nothing; the highest reward is best
  {"tell":3,"state":"failed"}           nothing; also "diverged", and "stale" for a run that was lost
  {"best":1}                            {"trial":3,"values":[…],"reward":1.7,"fidelity":9}
  anything else                         {"error":"…"}, and nothing is changed
Values stand in the order of the space. The end of stdin ends it. More in docs/search-command.md.
`;
