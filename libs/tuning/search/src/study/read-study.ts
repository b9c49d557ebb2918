/**
 * The state of a study from its journal alone, for whoever only looks: nothing is locked or changed, also
 * while a search writes it.
 */
import { readJournalFile } from '../journal/journal-file.js';
import type { StudyState } from './state.js';
import { replay } from './study.js';

/**
 * @returns null where the journal has no line yet @throws InputError where it cannot be read, or is damaged
 * or no journal
 */
export function readStudy(file: string): StudyState | null {
  return replay(readJournalFile(file), file);
}
