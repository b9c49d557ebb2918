/** The text of a file with a search space, and the space in it where it is of parameters of one's own. */
import { readFile } from 'node:fs/promises';
import { InputError } from '@layerwise/errors';
import { parseSpace, type SearchSpace } from '@layerwise/search';
import { NAMED_SPACES } from './spaces.js';

/** @throws InputError for a file that cannot be read, which may be a misspelt name */
export async function readSpaceText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch {
    throw new InputError(
      `--space ${file} is neither ${NAMED_SPACES.join(', ')} nor a file that can be read; give one of these.`,
    );
  }
}

/** @throws InputError for a file that cannot be read or holds no space */
export async function readSpaceFile(file: string): Promise<SearchSpace> {
  const text = await readSpaceText(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return parseSpace(json, file);
}
