/**
 * A file with a search space: its text, and the space in it. What a space of rates needs besides is in
 * `spaces.ts`.
 */
import { fileExists, InputError, readRegular } from '@layerwise/errors';
import { parseSpace, repeatedKey, type SearchSpace } from '@layerwise/search';

/** @param advice what `--space` could be else, for the @throws InputError where there is no file */
export function readSpaceText(file: string, advice: string): string {
  if (!fileExists(file)) throw new InputError(`--space ${file} ${advice}`);
  return readRegular(file).toString();
}

/** @throws InputError for a file that cannot be read or holds no space */
export function readSpaceFile(file: string): SearchSpace {
  const text = readSpaceText(
    file,
    'cannot be read; give a JSON file such as {"lr0":{"type":"float","low":1e-7,"high":1e-3,"log":true}}.',
  );
  return spaceOfText(text, file);
}

/** The space in the text of `file`. @throws InputError for a text that holds none */
export function spaceOfText(text: string, file: string): SearchSpace {
  return parseSpace(jsonOf(text, file), file);
}

/**
 * The JSON in the text of `file`, perhaps behind a byte order mark.
 * @throws InputError for other text, and where an object has a key twice
 */
export function jsonOf(text: string, file: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  const value = parsed(json, file);
  const twice = repeatedKey(json);
  if (twice === undefined) return value;
  throw new InputError(
    `${file}, line ${twice.line}, has the key ${JSON.stringify(twice.key)} twice: leave one out.`,
  );
}

function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InputError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
