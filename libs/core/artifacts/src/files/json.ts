/** JSON that somebody wrote, read without a stack trace where it is none. */
import { readFile } from 'node:fs/promises';
import { InputError } from '@layerwise/errors';

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
