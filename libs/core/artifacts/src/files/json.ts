/** JSON files: written whole or not at all, and read without a stack trace where they are none. */
import { readFile } from 'node:fs/promises';
import { checkRegular } from '@layerwise/errors';
import { writeFileAtomically } from './atomic.js';
import { explained } from './io-error.js';

/** What a text of JSON stands for; undefined where it is no JSON. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** What a JSON file holds; undefined where its text is no JSON. InputError where it cannot be read. */
export async function readJson(file: string): Promise<unknown> {
  checkRegular(file);
  return parseJson(await explained('read', file, () => readFile(file, 'utf8')));
}

/** Writes `value` for people and programs, indented. InputError where the file cannot be written. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
