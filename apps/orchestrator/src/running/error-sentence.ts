/** How an error is worded for the person who typed the command. */
import { CommanderError } from 'commander';

/** Any error as one sentence on one line. */
export function sentenceOf(error: unknown, command: string | undefined): string {
  if (error instanceof CommanderError) return usageSentence(error.message, command);
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/\s*\n\s*/g, ' ').trim();
  return line === '' ? 'something failed without saying what' : line;
}

/** TypeError and its like: nobody meant to throw it, so where it arose is worth knowing. */
export function isFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
}

const REPEATS = '--repeats-best N and --repeats-seeds N: 3x3 is --repeats-best 3 --repeats-seeds 3';
/** Options that are gone, by command, with those that say the same now. */
const GONE: Readonly<Record<string, string>> = { 'search --repeats': REPEATS, 'study --repeats': REPEATS };

/** Commander's "error: unknown option '--epoch'\n(Did you mean --epochs?)" as one sentence. */
function usageSentence(message: string, command = ''): string {
  const [, option = ''] = /unknown option '([^'=]*)/.exec(message) ?? [];
  const successors = GONE[`${command} ${option}`];
  if (successors !== undefined) return `there is no ${option} any more; give ${successors}.`;
  return message
    .replace(/^error: /, '')
    .replace(/\n?\(Did you mean ([^)]*)\?\)/, (_, names: string) => ` (did you mean ${names}?)`)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}
