/**
 * Progress of a whole preset: each line of a stage behind the place of its entry among all and the time, on
 * the screen for progress.
 */
import { say } from '../running/say.js';
import { duration, type Screen } from './meter.js';
import { secondsLeft, type EntrySize } from './time-left.js';

export interface WholeProgress {
  readonly begin: (entry: string) => void;
  /** A stage's own line. */
  readonly line: (text: string) => void;
  /** @param whole the entry ran from its beginning, so that its time tells of others */
  readonly end: (skipped: boolean, whole: boolean) => void;
}

/**
 * @param entries how many there are in all
 * @param sizes of all of them; null where those are not known, and no time left is shown
 */
export function wholeProgress(
  { mode, stream, now }: Screen,
  entries: number,
  sizes: readonly EntrySize[] | null,
): WholeProgress {
  const began = now();
  const width = String(entries).length;
  const taken: (number | null)[] = [];
  let place = 0;
  let current = '';
  let since = began;
  const tell = (text: string): void => {
    if (mode === 'silent') return;
    // When an entry ends it is among those taken, and the next one has not begun.
    const here = taken.length < place ? now() - since : 0;
    const left = sizes === null || taken.length === entries ? null : secondsLeft(sizes, taken, here);
    const times = [duration(now() - began), ...(left === null ? [] : [`about ${duration(left)} left`])];
    const where = `[${String(place).padStart(width)}/${entries} | ${times.join(' | ')}]`;
    say(`${where} ${current}: ${text}`, stream);
  };
  return {
    begin: (entry) => {
      place += 1;
      current = entry;
      since = now();
    },
    line: tell,
    end: (skipped, whole) => {
      const seconds = now() - since;
      taken.push(skipped || !whole ? null : seconds);
      tell(skipped ? 'up to date' : `done in ${duration(seconds)}`);
    },
  };
}
