/**
 * Tasks and pairs as words of a command line: names in a folder of GLUE tasks, or sources as they are; `A:B`
 * for two of them.
 */
import { join } from 'node:path';
import { fileExists } from '@layerwise/errors';

/** `A:B`, each of which may be a built-in task and so hold a colon itself. */
const PAIR = /^(builtin:[^:]+|(?!builtin:)[^:]+):(builtin:[^:]+|(?!builtin:)[^:]+)$/;

/** The two words of `A:B`, or null. */
export function pairOfTaskWords(word: string): readonly [string, string] | null {
  const [, first, second] = PAIR.exec(word) ?? [];
  return first === undefined || second === undefined ? null : [first, second];
}

/**
 * Where a task lies: in the GLUE folder (default: the environment variable GLUE) if it has one of that name.
 */
export function taskSource(word: string, glue = process.env.GLUE): string {
  const inGlue = glue === undefined || glue === '' ? null : join(glue, word);
  return inGlue !== null && fileExists(inGlue) ? inGlue : word;
}
