/**
 * The command line: which commands there are. Each one is a file of `commands/`; how they run and print is
 * `run-command.ts`. Nothing heavy is imported here: a command loads its libs when it runs, so that
 * `layerwise --help` answers at once.
 */
import { Command } from 'commander';
import { benchCommand } from './commands/bench/options.js';
import { combineCommand } from './commands/combine/options.js';
import { doctorCommand } from './commands/doctor/options.js';
import { evaluateCommand } from './commands/evaluate/options.js';
import { fetchCommand } from './commands/fetch/options.js';
import { finetuneCommand } from './commands/finetune/options.js';
import { groupsCommand } from './commands/groups/options.js';
import { importanceCommand } from './commands/importance/options.js';
import { reportCommand } from './commands/report/options.js';
import { planCommand } from './commands/plan/options.js';
import { pretrainCommand } from './commands/pretrain/options.js';
import { runPresetCommand } from './commands/run/options.js';
import { searchStatusCommand } from './commands/search-status/options.js';
import { searchCommand } from './commands/search/options.js';
import { shiftStudyCommand } from './commands/shift-study/options.js';
import { showCommand } from './commands/show/options.js';
import { plotsCommand } from './commands/plots/options.js';
import { stageCommand } from './commands/stage/options.js';
import { studyCommand } from './commands/study/options.js';
import { verifyCommand } from './commands/verify/options.js';
import { type Streams, runCommand } from './running/run-command.js';
import { version } from './running/version.js';

const processStreams: Streams = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
};

/**
 * Runs one command line.
 * @param argv the words after `layerwise`
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or bad input
 */
export async function main(argv: readonly string[], streams: Streams = processStreams): Promise<0 | 1 | 2> {
  // Libraries greet on the console; stdout belongs to the command's result.
  console.log = console.info = console.debug = console.error;
  return runCommand(createProgram(streams), argv, streams);
}

/** All commands, as commander knows them. */
export function createProgram(streams: Streams): Command {
  const program = new Command('layerwise')
    .description(
      "Finds, for each group of a transformer's layers, the learning rate with which it forgets least.",
    )
    .version(version())
    .helpCommand(false)
    .enablePositionalOptions();
  const commands = [
    runPresetCommand,
    planCommand,
    finetuneCommand,
    pretrainCommand,
    shiftStudyCommand,
    searchCommand,
    searchStatusCommand,
    studyCommand,
    combineCommand,
    evaluateCommand,
    importanceCommand,
    verifyCommand,
    benchCommand,
    groupsCommand,
    showCommand,
    fetchCommand,
    stageCommand,
    plotsCommand,
    reportCommand,
    doctorCommand,
  ];
  for (const create of commands) program.addCommand(create());
  prepare(program, streams);
  return program;
}

/** Makes a command and all below it throw instead of exiting, and print through `streams`. */
function prepare(command: Command, streams: Streams): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: streams.stdout,
      writeErr: streams.stderr,
      // `run-command.ts` words errors.
      outputError: () => undefined,
    });
  for (const child of command.commands) prepare(child, streams);
}
