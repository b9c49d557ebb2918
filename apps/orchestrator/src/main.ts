/**
 * The command line: which commands there are. Each one is a folder of `commands/`; how they run and print is
 * `running/run-command.ts`. A command is loaded when it is named, and its libs when it runs, so that
 * `layerwise --help` answers at once.
 */
import { Command } from 'commander';
import { runCommand } from './running/run-command.js';
import { processStreams, sayConsole, visibleStreams, type Streams } from './running/say.js';
import { version } from './running/version.js';

/** What a command's `command.ts` exports: it adds arguments, options and the action. */
type Load = () => Promise<{ readonly configure: (command: Command) => void }>;

/** In the order of the help. */
const commands: Readonly<Record<string, readonly [description: string, load: Load]>> = {
  run: [
    'Runs all stages of a preset, skips what is up to date, and ends with the report; the same command continues.',
    () => import('./commands/run/command.js'),
  ],
  plan: [
    'Lists the entries of a preset: which are up to date, why others are not, and their time, memory and disk by a short measurement.',
    () => import('./commands/plan/command.js'),
  ],
  finetune: [
    'Fine-tunes an encoder on one task, then on another, and tells how much of the first is left.',
    () => import('./commands/finetune/command.js'),
  ],
  pretrain: [
    'Trains an encoder on plain text, by telling masked words, from random weights or from another encoder.',
    () => import('./commands/pretrain/command.js'),
  ],
  'shift-study': [
    'Tells what a shift does: accuracy on D_o before and after training on D_s, beside D_s alone and both mixed.',
    () => import('./commands/shift-study/command.js'),
  ],
  search: [
    'Searches the learning rates of the layer groups with which an encoder learns a second task and keeps the first.',
    () => import('./commands/search/command.js'),
  ],
  'search-status': [
    'Tells how far a search is, and its best trials; also while it runs.',
    () => import('./commands/search-status/command.js'),
  ],
  study: [
    'Searches for a program that trains by itself: it asks and tells, in lines of JSON.',
    () => import('./commands/study/command.js'),
  ],
  combine: [
    'Turns the trials of one or more pairs into one distribution of learning rates.',
    () => import('./commands/combine/command.js'),
  ],
  evaluate: [
    'Runs methods on pairs of tasks with several seeds: what they keep of the first task and learn of the second, with tests.',
    () => import('./commands/evaluate/command.js'),
  ],
  importance: [
    "Tells which layer groups matter for a pair's reward, and what a distribution adds to a flat rate.",
    () => import('./commands/importance/command.js'),
  ],
  verify: [
    "Compares tokens, logits, gradients and updates with PyTorch's, for every model folder of DIR.",
    () => import('./commands/verify/command.js'),
  ],
  bench: [
    'Measures speed on this machine, and how well a search searches.',
    () => import('./commands/bench/command.js'),
  ],
  groups: [
    'Lists the layer groups of an encoder: tensors, parameters and learning rate.',
    () => import('./commands/groups/command.js'),
  ],
  tokens: [
    "Turns texts on stdin into an encoder's tokens: ids and pieces, a line each.",
    () => import('./commands/tokens/command.js'),
  ],
  show: [
    'Prints schema, metadata and the first rows of an Arrow file.',
    () => import('./commands/show/command.js'),
  ],
  fetch: [
    'Downloads from the Hugging Face hub (HF_ENDPOINT, HF_TOKEN and HF_HOME are respected).',
    () => import('./commands/fetch/command.js'),
  ],
  stage: [
    'Runs one stage of the pipeline; `layerwise stage NAME --help` lists its inputs and parameters.',
    () => import('./commands/stage/command.js'),
  ],
  plots: [
    'Draws the pictures of a stage, or of all stages, again from the artifacts that exist.',
    () => import('./commands/plots/command.js'),
  ],
  report: [
    'Makes one HTML page, without anything else beside it, of the artifacts in some folders.',
    () => import('./commands/report/command.js'),
  ],
  doctor: [
    'Tells what this machine has, which engines can start, and how to get what is missing.',
    () => import('./commands/doctor/command.js'),
  ],
  licences: [
    'Lists the licences of the packages that ship with layerwise, and what they ask of you.',
    () => import('./commands/licences/command.js'),
  ],
};

/**
 * Runs one command line.
 * @param argv the words after `layerwise`
 * @returns the exit code: 0 done, 1 failed, 2 wrong use or bad input
 */
export async function main(argv: readonly string[], streams: Streams = processStreams()): Promise<0 | 1 | 2> {
  sayConsole();
  const shown = visibleStreams(streams);
  const program = await createProgram(shown, (name) => argv.includes(name));
  return runCommand(program, argv, shown);
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
  for (const [name, [description, load]] of Object.entries(commands)) {
    const command = new Command(name).description(description);
    if (isWanted(name)) (await load()).configure(command);
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
