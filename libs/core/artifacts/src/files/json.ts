/** JSON files: written whole or not at all, and read without a stack trace where they are none. */
import { readFile } from 'node:fs/promises';
import { InputError } from '@layerwise/errors';
import { writeFileAtomically } from './atomic.js';

/** What a text of JSON stands for; undefined where it is no JSON. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** What a file of JSON holds. InputError, with `advice` behind it, where it cannot be read or is no JSON. */
export async function readJson(file: string, advice: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`${file} cannot be read as JSON; ${advice}.`, { cause: error });
  }
}

/** Writes `value` for people and programs, indented. InputError where the file cannot be written. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
