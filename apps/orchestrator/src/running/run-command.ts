/**
 * Runs one command line: the only place that prints results and decides exit codes.
 *
 * | exit code | when |
 * | --- | --- |
 * | 0 | done |
 * | 1 | the work failed, or a command says so itself (`Outcome.exitCode`) |
 * | 2 | wrong use or bad input: one sentence on stderr that names the thing |
 *
 * With `--json`, stdout receives exactly one JSON object: the result, or `{"error": "the sentence"}`; of a
 * result that is a list, an object a line. The sentence goes to stderr either way. Stack traces are printed
 * with LAYERWISE_DEBUG=1 alone.
 */
import { type Command, CommanderError } from 'commander';
import { InputError, systemError } from '@layerwise/errors';
import { isFault, sentenceOf } from './error-sentence.js';
import type { Streams } from './say.js';

/** What a command hands back: the same result for people and for programs. */
export interface Outcome {
  /** What people read, without a final line break. */
  readonly text: string;
  /** What `--json` prints; of a list, an object a line. */
  readonly json: object | readonly object[];
  /** 1 when the command worked but its answer is "no" (a verification that is out of tolerance). */
  readonly exitCode?: 0 | 1;
}

const outcomes = new WeakMap<Command, Outcome>();
/** The folder that a command was told to write to. */
const folders = new WeakMap<Command, string>();

/**
 * Makes a commander action of a function that returns its outcome; commander calls it with the command's
 * arguments, its options and the command itself.
 */
export function action<Received extends readonly unknown[]>(
  body: (...received: Received) => Outcome | Promise<Outcome>,
) {
  return async function (this: Command, ...received: Received): Promise<void> {
    const { out } = this.opts<{ out?: string }>();
    if (typeof out === 'string') folders.set(rootOf(this), out);
    outcomes.set(rootOf(this), await body(...received));
  };
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/**
 * Parses `argv` (without node and script) with `program`, runs the command and prints its outcome.
 * @returns the exit code
 */
export async function runCommand(
  program: Command,
  argv: readonly string[],
  streams: Streams,
): Promise<0 | 1 | 2> {
  const code = await runAndPrint(program, argv, streams);
  const failure = await streams.lost?.();
  if (!failure) return code;
  const { message } = systemError(failure, 'write', 'the answer to stdout') as Error;
  const folder = folders.get(program);
  const work =
    folder === undefined ? 'The work is done' : `The work is done, and its results are in ${folder}`;
  streams.stderr(`layerwise: ${message}.${code === 0 ? ` ${work}.` : ''}\n`);
  return code === 0 ? 1 : code;
}

async function runAndPrint(program: Command, argv: readonly string[], streams: Streams): Promise<0 | 1 | 2> {
  const json = argv.includes('--json');
  try {
    await program.parseAsync([...argv], { from: 'user' });
    const outcome = outcomes.get(program);
    if (outcome === undefined) return 0;
    const objects = [outcome.json].flat().map((object) => `${JSON.stringify(object)}\n`);
    streams.stdout(json ? objects.join('') : `${outcome.text}\n`);
    return outcome.exitCode ?? 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has printed a command group's help itself: nothing is left to say.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const sentence = sentenceOf(error, argv[0]);
    if (json) streams.stdout(`${JSON.stringify({ error: sentence })}\n`);
    streams.stderr(`layerwise: ${sentence}\n`);
    if (process.env.LAYERWISE_DEBUG === '1') {
      if (error instanceof Error) streams.stderr(`${error.stack ?? ''}\n`);
    } else if (isFault(error)) {
      streams.stderr('This is a fault in layerwise; LAYERWISE_DEBUG=1 shows where it arose.\n');
    }
    return error instanceof InputError || error instanceof CommanderError ? 2 : 1;
  }
}
