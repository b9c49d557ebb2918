/**
 * Several lines that stand on a terminal and change in place; without a terminal one line now and then: at
 * news, and else once a minute. `meter.ts` is the same for work that one bar tells of.
 */
import { visible } from '@layerwise/errors';
import { say } from '../running/say.js';
import type { Screen } from './meter.js';

export interface LiveLines {
  /**
   * @param lines for a terminal; made only when they are shown
   * @param summary for elsewhere
   * @param isNews whether something happened that is worth a line at once
   */
  readonly show: (lines: () => readonly string[], summary: () => string, isNews: boolean) => void;
  /** Leaves the last state standing. */
  readonly end: () => void;
}

const secondsBetweenFrames = 0.2;
const secondsBetweenLines = 60;

/** @param columns width of the terminal, when it is asked */
export function createLiveLines(screen: Screen, columns: () => number = terminalColumns): LiveLines {
  if (screen.mode === 'silent') return { show: () => undefined, end: () => undefined };
  return screen.mode === 'bar' ? inPlace(screen, columns) : nowAndThen(screen);
}

function inPlace({ stream, now }: Screen, columns: () => number): LiveLines {
  let drawn = 0;
  let last = -Infinity;
  let pending: (() => readonly string[]) | null = null;
  const draw = (lines: () => readonly string[]): void => {
    // One line more than the terminal is wide would be two, and the way back up wrong.
    const cut = lines().map((line) =>
      Array.from(visible(line))
        .slice(0, columns() - 1)
        .join(''),
    );
    stream.write(`${drawn === 0 ? '' : `\u001b[${drawn}A`}\r\u001b[J${cut.join('\n')}\n`);
    drawn = cut.length;
    last = now();
    pending = null;
  };
  return {
    show: (lines, _summary, isNews) => {
      if (isNews || now() - last >= secondsBetweenFrames) draw(lines);
      else pending = lines;
    },
    end: () => {
      if (pending !== null) draw(pending);
    },
  };
}

function nowAndThen({ stream, now }: Screen): LiveLines {
  let last = now();
  return {
    show: (_lines, summary, isNews) => {
      if (!isNews && now() - last < secondsBetweenLines) return;
      say(summary(), stream);
      last = now();
    },
    end: () => undefined,
  };
}

/** Some terminals say that they have none. */
function terminalColumns(): number {
  const { columns } = process.stderr;
  return columns > 0 ? columns : 80;
}
