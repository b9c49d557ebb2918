/** JSON files: written whole or not at all, and read without a stack trace where they are none. */
import { writeFileAtomically } from './atomic.js';

/** What a text of JSON stands for; undefined where it is no JSON. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Writes `value` for people and programs, indented. InputError where the file cannot be written. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
