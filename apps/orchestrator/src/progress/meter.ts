/**
 * How far a piece of work is, on stderr: a bar on a terminal, a plain line every few seconds without one,
 * nothing with `--json` unless a terminal is there to show it.
 */
import { visible } from '@layerwise/errors';
import { type Options, SingleBar } from 'cli-progress';
import { say } from '../running/say.js';

/** Where and how progress is shown. */
export interface Screen {
  readonly mode: 'bar' | 'lines' | 'silent';
  readonly stream: NodeJS.WritableStream;
  /** Seconds on a clock that only goes forward. */
  readonly now: () => number;
}

/** One piece of work of a known size. */
export interface Meter {
  /** `done` units so far, and words on how it goes. */
  readonly update: (done: number, detail: string) => void;
  /** Leaves the last state standing. */
  readonly end: () => void;
}

const secondsBetweenLines = 5;

/** What suits this process: progress goes to stderr, because stdout belongs to the result. */
export function processScreen(json = false): Screen {
  const terminal = process.stderr.isTTY;
  return {
    mode: terminal ? 'bar' : json ? 'silent' : 'lines',
    stream: process.stderr,
    now: () => performance.now() / 1000,
  };
}

/**
 * @param label what is being done
 * @param total how many units there are
 * @param start units that were done before (a run that continues); they do not count for the time left
 */
export function createMeter(screen: Screen, label: string, total: number, start = 0): Meter {
  const began = screen.now();
  const left = (done: number): string => {
    const spent = screen.now() - began;
    if (done >= total) return `${duration(spent)} in all`;
    return done > start ? `${duration((spent / (done - start)) * (total - done))} left` : 'time left unknown';
  };
  if (screen.mode === 'silent') return { update: () => undefined, end: () => undefined };
  return screen.mode === 'bar'
    ? barMeter(screen, label, total, start, left)
    : lineMeter(screen, label, total, left);
}

function barMeter(
  screen: Screen,
  label: string,
  total: number,
  start: number,
  left: (done: number) => string,
): Meter {
  const options: Options = {
    format: '{label} {bar} {percentage}% | {detail} | {left}',
    stream: screen.stream,
    hideCursor: true,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // The caller decides what a terminal is.
    noTTYOutput: true,
  };
  const bar = new SingleBar(options);
  bar.start(total, start, { label: visible(label), detail: '', left: left(start) });
  return {
    update: (done, detail) => {
      bar.update(done, { detail: visible(detail), left: left(done) });
    },
    end: () => {
      bar.stop();
    },
  };
}

function lineMeter(screen: Screen, label: string, total: number, left: (done: number) => string): Meter {
  let written = screen.now();
  let pending: string | undefined;
  const flush = (): void => {
    if (pending !== undefined) say(pending, screen.stream);
    pending = undefined;
    written = screen.now();
  };
  return {
    update: (done, detail) => {
      pending = `${label} ${percent(done, total)}% | ${detail} | ${left(done)}`;
      if (done >= total || screen.now() - written >= secondsBetweenLines) flush();
    },
    end: flush,
  };
}

function percent(done: number, total: number): number {
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}

/** Seconds as people say them: 4s, 3m 05s, 2h 10m. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
}
