/** `layerwise study`: a study that another program drives. */
import type { Command } from 'commander';
import { addFlags, readFlags } from '../../options/flags.js';
import { studyOptions, type StudyCommandOptions } from './options.js';

export function configure(command: Command): void {
  command
    .requiredOption(
      '--space <file>',
      'what is searched, in JSON: {"lr0":{"type":"float","low":1e-7,"high":1e-3,"log":true},…}',
    )
    .option(
      '--journal <file>',
      'keeps the study, and goes on with the one that is there (default: kept nowhere)',
    )
    .option('--given <file>', 'points that are tried first, in JSON: [{"lr0":2e-5,…},…]');
  addFlags(command, studyOptions)
    .addHelpText('after', PROTOCOL)
    .action(async (typed: Omit<StudyCommandOptions, keyof typeof studyOptions>) => {
      const { runStudy } = await import('./run.js');
      await runStudy({ ...typed, ...readFlags(studyOptions, typed) });
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
