/** Progress of a whole preset: each line of a stage behind the place of its entry among all, on the screen for progress. */
import { duration, type Screen } from './meter.js';

export interface WholeProgress {
  readonly begin: (entry: string) => void;
  /** A stage's own line. */
  readonly line: (text: string) => void;
  readonly end: (skipped: boolean) => void;
}

/** @param entries how many there are in all */
export function wholeProgress({ mode, stream, now }: Screen, entries: number): WholeProgress {
  const began = now();
  const width = String(entries).length;
  let place = 0;
  let current = '';
  let since = began;
  const say = (text: string): void => {
    if (mode === 'silent') return;
    const [number, elapsed] = [String(place).padStart(width), duration(now() - began)];
    stream.write(`[${number}/${entries} | ${elapsed}] ${current}: ${text}\n`);
  };
  return {
    begin: (entry) => {
      place += 1;
      current = entry;
      since = now();
    },
    line: say,
    end: (skipped) => say(skipped ? 'up to date' : `done in ${duration(now() - since)}`),
  };
}
