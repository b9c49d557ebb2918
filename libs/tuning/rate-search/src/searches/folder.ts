/** The folder of a search: what lies where, and whether a folder may be one. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockName, refuseForeign } from '@layerwise/artifacts';
import { fileExists, InputError } from '@layerwise/errors';
import { readStudy, type StudyState } from '@layerwise/search';
import { SEARCH_STAGE } from '../results/outputs.js';

export function journalOf(folder: string): string {
  return join(folder, 'journal.jsonl');
}

/** Of the search of one rate for all groups. */
export function controlOf(folder: string): string {
  return join(folder, 'control');
}

/** @throws InputError where the folder holds something else, which a search would lie among */
export async function refuseOtherFolder(folder: string): Promise<void> {
  await refuseForeign(SEARCH_STAGE, folder);
  if (fileExists(journalOf(folder)) || !fileExists(folder)) return;
  let names: readonly string[];
  try {
    // A search that was killed before it wrote a line leaves its locks.
    names = readdirSync(folder).filter(
      (name) => !name.startsWith('journal.jsonl.') && !name.startsWith(lockName),
    );
  } catch {
    throw new InputError(`--out ${folder} is no folder; give one that is empty or not there yet.`);
  }
  if (names.length > 0)
    throw new InputError(
      `--out ${folder} holds other things (${names[0] ?? ''}) and no search; give a folder that is empty or not there yet.`,
    );
}

/**
 * The state that the folder's journal tells, also while a search writes it; null where there is none yet.
 * @throws InputError
 */
export function stateIn(folder: string): StudyState | null {
  const file = journalOf(folder);
  return fileExists(file) ? readStudy(file) : null;
}
