/**
 * Attempts with growing waits: 1, 2, 4, 8, 16 ... 30 s, or what the server asks for. Only a Transient is
 * tried again, and attempts are counted from the last one that brought something new, so that a long download
 * over a bad line goes on as long as it gets on, and no longer. One that only drips does not get on, and half
 * as many of those are enough.
 */
import { TooSlow, Transient } from './refusal.js';
import type { Settings } from '../settings.js';

const LONGEST_BACKOFF_MS = 30_000;
/** The hub counts requests in windows of five minutes: who must wait longer is better told so. */
const LONGEST_REQUESTED_WAIT_MS = 330_000;

export interface Retries {
  /** The furthest point reached so far (bytes of a file); constant where there is no such thing. */
  furthest(): number;
  /** Failures that no other attempt will mend. */
  isPermanent(error: Transient): boolean;
  /** The end of the sentence when attempts have run out: what to do. */
  advice: string;
}

/** Runs `attempt` until it succeeds. Throws a plain Error of one sentence when the attempts have run out. */
export async function retrying<T>(
  settings: Settings,
  retries: Retries,
  attempt: () => Promise<T>,
): Promise<T> {
  let best = retries.furthest();
  for (let failures = 0; ;) {
    settings.signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      settings.signal?.throwIfAborted();
      if (!(error instanceof Transient)) throw error;
      const isProgress = retries.furthest() > best && !(error instanceof TooSlow);
      failures = isProgress ? 1 : failures + 1;
      best = Math.max(best, retries.furthest());
      const wait = error.waitMs ?? Math.min(1000 * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
      const end = endOf(error, failures, wait, settings, retries);
      if (end !== null) throw new Error(sentence(`${end}: ${retries.advice}`), { cause: error });
      await settings.clock.sleep(wait, settings.signal).catch((reason: unknown) => {
        settings.signal?.throwIfAborted();
        throw reason;
      });
    }
  }
}

/** Why there will be no further attempt; null when there will be one. */
function endOf(
  error: Transient,
  failures: number,
  wait: number,
  settings: Settings,
  retries: Retries,
): string | null {
  if (retries.isPermanent(error)) return error.message;
  if (wait > LONGEST_REQUESTED_WAIT_MS)
    return `${error.message} and wants ${Math.ceil(wait / 1000)} s of rest`;
  const enough = error instanceof TooSlow ? settings.attempts / 2 : settings.attempts;
  return failures >= enough ? `${error.message}, ${failures} times in a row` : null;
}

/** A capital unless the sentence begins with a host or a file. */
function sentence(text: string): string {
  return `${/^(the|there|nothing) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text}.`;
}
