/** What a search's journal holds: its events, and the state that they lead to. */
import { readJournal } from '../../libs/search/dist/journal.js';
import { replay } from '../../libs/search/dist/study.js';

/** @param {string} file */
export function readJournalState(file) {
  const events = readJournal(file);
  const state = replay(events, file);
  if (state === null) throw new Error(`${file} is empty`);
  return { events, state };
}
