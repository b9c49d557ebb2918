/**
 * Runs one command line: the only place that prints results, words errors and decides exit codes.
 *
 * | exit code | when |
 * | --- | --- |
 * | 0 | done |
 * | 1 | the work failed, or a command says so itself (`Outcome.exitCode`) |
 * | 2 | wrong use or bad input: one sentence on stderr that names the thing |
 *
 * With `--json`, stdout receives exactly one JSON object: the result, or `{"error": "the sentence"}`. The
 * sentence goes to stderr either way. Stack traces are printed with LAYERWISE_DEBUG=1 alone.
 */
import { type Command, CommanderError } from 'commander';
import { InputError } from '@layerwise/errors';

/** What a command hands back: the same result for people and for programs. */
export interface Outcome {
  /** What people read, without a final line break. */
  readonly text: string;
  /** What `--json` prints. */
  readonly json: object;
  /** 1 when the command worked but its answer is "no" (a verification that is out of tolerance). */
  readonly exitCode?: 0 | 1;
}

/** Where the words go. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** A command's body, which `run` calls with commander's arguments and options. */
export type Body<Arguments extends readonly unknown[]> = (...args: Arguments) => Outcome | Promise<Outcome>;

const outcomes = new WeakMap<Command, Outcome>();

/** Makes a commander action of a function that returns its outcome. */
export function action<Arguments extends readonly unknown[]>(body: Body<Arguments>) {
  // Commander passes the arguments, the options, and last the command itself.
  return async (...received: [...Arguments, Command]): Promise<void> => {
    const command = received[received.length - 1] as Command;
    outcomes.set(rootOf(command), await body(...(received.slice(0, -1) as unknown as Arguments)));
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
  const json = argv.includes('--json');
  try {
    await program.parseAsync([...argv], { from: 'user' });
    const outcome = outcomes.get(program);
    if (outcome === undefined) return 0;
    streams.stdout(`${json ? JSON.stringify(outcome.json) : outcome.text}\n`);
    return outcome.exitCode ?? 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has printed a command group's help itself: nothing is left to say.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const sentence = sentenceOf(error);
    if (json) streams.stdout(`${JSON.stringify({ error: sentence })}\n`);
    streams.stderr(`layerwise: ${sentence}\n`);
    if (process.env.LAYERWISE_DEBUG === '1' && error instanceof Error) {
      streams.stderr(`${error.stack ?? ''}\n`);
    }
    return error instanceof InputError || error instanceof CommanderError ? 2 : 1;
  }
}

/** Any error as one sentence on one line. */
function sentenceOf(error: unknown): string {
  if (error instanceof CommanderError) return usageSentence(error.message);
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/\s*\n\s*/g, ' ').trim();
  if (error instanceof InputError) return line;
  return `${line === '' ? 'an error without a message' : line} (LAYERWISE_DEBUG=1 shows where it arose)`;
}

/** Commander's "error: unknown option '--epoch'\n(Did you mean --epochs?)" as one sentence. */
function usageSentence(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n?\(Did you mean ([^)]*)\?\)/, (_, names: string) => ` (did you mean ${names}?)`)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
