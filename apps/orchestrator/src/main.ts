/**
 * The command line: which commands there are. Each one is a folder of `commands/`; how they run and print is
 * `running/run-command.ts`. A command is loaded when it is named, and its libs when it runs, so that
 * `layerwise --help` answers at once.
 */
import { Command } from 'commander';
import { type Streams, runCommand } from './running/run-command.js';
import { version } from './running/version.js';

const processStreams: Streams = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
};

interface ListedCommand {
  readonly name: string;
  readonly description: string;
  /** Gives the function that adds arguments, options and the action. */
  readonly load: () => Promise<(command: Command) => void>;
}

/** In the order of the help. */
const commands: readonly ListedCommand[] = [
  {
    name: 'run',
    description:
      'Runs all stages of a preset, skips what is up to date, and ends with the report; the same command continues.',
    load: async () => (await import('./commands/run/command.js')).runPresetCommand,
  },
  {
    name: 'plan',
    description:
      'Lists the entries of a preset: which are up to date, why others are not, and their time, memory and disk by a short measurement.',
    load: async () => (await import('./commands/plan/command.js')).planCommand,
  },
  {
    name: 'finetune',
    description:
      'Fine-tunes an encoder on one task, then on another, and tells how much of the first is left.',
    load: async () => (await import('./commands/finetune/command.js')).finetuneCommand,
  },
  {
    name: 'pretrain',
    description:
      'Trains an encoder on plain text, by telling masked words, from random weights or from another encoder.',
    load: async () => (await import('./commands/pretrain/command.js')).pretrainCommand,
  },
  {
    name: 'shift-study',
    description:
      'Tells what a shift does: accuracy on D_o before and after training on D_s, beside D_s alone and both mixed.',
    load: async () => (await import('./commands/shift-study/command.js')).shiftStudyCommand,
  },
  {
    name: 'search',
    description:
      'Searches the learning rates of the layer groups with which an encoder learns a second task and keeps the first.',
    load: async () => (await import('./commands/search/command.js')).searchCommand,
  },
  {
    name: 'search-status',
    description: 'Tells how far a search is, and its best trials; also while it runs.',
    load: async () => (await import('./commands/search-status/command.js')).searchStatusCommand,
  },
  {
    name: 'study',
    description: 'Searches for a program that trains by itself: it asks and tells, in lines of JSON.',
    load: async () => (await import('./commands/study/command.js')).studyCommand,
  },
  {
    name: 'combine',
    description: 'Turns the trials of one or more pairs into one distribution of learning rates.',
    load: async () => (await import('./commands/combine/command.js')).combineCommand,
  },
  {
    name: 'evaluate',
    description:
      'Runs methods on pairs of tasks with several seeds: what they keep of the first task and learn of the second, with tests.',
    load: async () => (await import('./commands/evaluate/command.js')).evaluateCommand,
  },
  {
    name: 'importance',
    description:
      "Tells which layer groups matter for a pair's reward, and what a distribution adds to a flat rate.",
    load: async () => (await import('./commands/importance/command.js')).importanceCommand,
  },
  {
    name: 'verify',
    description:
      "Compares tokens, logits, gradients and updates with PyTorch's, for every model folder of DIR.",
    load: async () => (await import('./commands/verify/command.js')).verifyCommand,
  },
  {
    name: 'bench',
    description: 'Measures speed on this machine, and how well a search searches.',
    load: async () => (await import('./commands/bench/command.js')).benchCommand,
  },
  {
    name: 'groups',
    description: 'Lists the layer groups of an encoder: tensors, parameters and learning rate.',
    load: async () => (await import('./commands/groups/command.js')).groupsCommand,
  },
  {
    name: 'tokens',
    description: "Turns texts on stdin into an encoder's tokens: ids and pieces, a line each.",
    load: async () => (await import('./commands/tokens/command.js')).tokensCommand,
  },
  {
    name: 'show',
    description: 'Prints schema, metadata and the first rows of an Arrow file.',
    load: async () => (await import('./commands/show/command.js')).showCommand,
  },
  {
    name: 'fetch',
    description: 'Downloads from the Hugging Face hub (HF_ENDPOINT, HF_TOKEN and HF_HOME are respected).',
    load: async () => (await import('./commands/fetch/command.js')).fetchCommand,
  },
  {
    name: 'stage',
    description:
      'Runs one stage of the pipeline; `layerwise stage NAME --help` lists its inputs and parameters.',
    load: async () => (await import('./commands/stage/command.js')).stageCommand,
  },
  {
    name: 'plots',
    description: 'Draws the pictures of a stage, or of all stages, again from the artifacts that exist.',
    load: async () => (await import('./commands/plots/command.js')).plotsCommand,
  },
  {
    name: 'report',
    description: 'Makes one HTML page, without anything else beside it, of the artifacts in some folders.',
    load: async () => (await import('./commands/report/command.js')).reportCommand,
  },
  {
    name: 'doctor',
    description: 'Tells what this machine has, which engines can start, and how to get what is missing.',
    load: async () => (await import('./commands/doctor/command.js')).doctorCommand,
  },
];

/**
 * Runs one command line.
 * @param argv the words after `layerwise`
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or bad input
 */
export async function main(argv: readonly string[], streams: Streams = processStreams): Promise<0 | 1 | 2> {
  // Libraries greet on the console; stdout belongs to the command's result.
  console.log = console.info = console.debug = console.error;
  const program = await createProgram(streams, (name) => argv.includes(name));
  return runCommand(program, argv, streams);
}

/**
 * All commands, as commander knows them.
 * @param isWanted whether a command's options are loaded; without them it has a name and a description alone
 */
export async function createProgram(
  streams: Streams,
  isWanted: (name: string) => boolean = () => true,
): Promise<Command> {
  const program = new Command('layerwise')
    .description(
      "Finds, for each group of a transformer's layers, the learning rate with which it forgets least.",
    )
    .version(version())
    .helpCommand(false)
    .enablePositionalOptions();
  for (const { name, description, load } of commands) {
    const command = new Command(name).description(description);
    if (isWanted(name)) (await load())(command);
    program.addCommand(command);
  }
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
