/**
 * One GET, followed through the hub's redirects. What is particular to the hub:
 *
 * - the access token goes to the endpoint's own origin alone; the storage host of a large file never sees it;
 * - the answers on the way describe the file (`x-linked-etag`, `x-linked-size`), the last one carries its
 *   bytes;
 * - a connection on which nothing arrives for `stallMs`, or less than a kilobyte a second, is given up.
 *
 * Every failure of the network is a Transient (`refusal.ts`); `retry.ts` decides what becomes of it.
 */
import { errorCode, InputError } from '@layerwise/errors';
import { readableBytes } from '../bytes.js';
import { TooSlow, Transient } from './refusal.js';
import type { Settings } from '../settings.js';

export interface Answer {
  status: number;
  headers: Headers;
  host: string;
  fromHub: boolean;
  /** What the hub itself said of the file, on the first answer that said it. */
  linked: { etag: string | null; bytes: number | null };
  /** The body, piece by piece. */
  pieces(): AsyncGenerator<Uint8Array, void, undefined>;
  /** The whole body. @throws InputError where it has more bytes, compressed or not, than `mostBytes` */
  text(mostBytes: number): Promise<string>;
  /** Ends the connection without reading on. */
  discard(): void;
}

const MOST_REDIRECTS = 10;
/** Less is nothing that anybody waits for: a small encoder would take half a day. */
const LEAST_BYTES_PER_SECOND = 1000;

export async function get(settings: Settings, url: string, headers: Record<string, string>): Promise<Answer> {
  const hub = new URL(settings.endpoint).origin;
  const watch = watchdog(settings);
  const linked: Answer['linked'] = { etag: null, bytes: null };
  try {
    let at = new URL(url);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const fromHub = at.origin === hub;
      const response = await fetch(at, {
        redirect: 'manual',
        signal: watch.signal,
        headers: {
          ...headers,
          'user-agent': 'layerwise',
          // Compressed on the way, a body could not be continued from the middle.
          'accept-encoding': 'identity',
          ...(fromHub && settings.token !== undefined ? { authorization: `Bearer ${settings.token}` } : {}),
        },
      });
      watch.alive();
      if (fromHub) noteLinked(linked, response);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        return answerOf(response, at, fromHub, linked, watch);
      }
      await response.body?.cancel();
      if (!URL.canParse(location, at)) break;
      at = new URL(location, at);
      if (!/^https?:$/.test(at.protocol)) break;
    }
  } catch (error) {
    watch.stop();
    throw networkError(error, new URL(url).host, settings);
  }
  watch.stop();
  throw new Error(`${new URL(url).host} redirects ${new URL(url).pathname} in a circle or to nowhere.`);
}

function noteLinked(linked: Answer['linked'], response: Response): void {
  const etag = response.headers.get('x-linked-etag') ?? (response.ok ? response.headers.get('etag') : null);
  const bytes = response.headers.get('x-linked-size');
  linked.etag ??= etag;
  if (bytes !== null && /^\d+$/.test(bytes)) linked.bytes ??= Number(bytes);
}

function answerOf(
  response: Response,
  at: URL,
  fromHub: boolean,
  linked: Answer['linked'],
  watch: Watchdog,
): Answer {
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    watch.measure();
    try {
      for (;;) {
        const next = await reader?.read();
        watch.alive(next?.value?.length);
        if (next === undefined || next.done) return;
        yield next.value;
      }
    } catch (error) {
      throw networkError(error, at.host, watch.settings);
    } finally {
      watch.stop();
      // Harmless at the end of the body; elsewhere it closes the connection.
      void reader?.cancel().catch(() => undefined);
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    host: at.host,
    fromHub,
    linked,
    pieces,
    text: async (mostBytes) => {
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const piece of pieces()) {
        parts.push(piece);
        length += piece.length;
        if (length > mostBytes)
          throw new InputError(
            `${at.host} answers with more than ${readableBytes(mostBytes)} when asked for the list of files: check the address (HF_ENDPOINT), or choose another repository.`,
          );
      }
      return Buffer.concat(parts).toString('utf8');
    },
    discard: () => {
      watch.stop();
      void response.body?.cancel().catch(() => undefined);
    },
  };
}

interface Watchdog {
  settings: Settings;
  /** Aborted by the caller's own signal or when nothing, or too little, has happened for `stallMs`. */
  signal: AbortSignal;
  /** Something happened; `bytes` of a body arrived. */
  alive(bytes?: number): void;
  /** From now on a body arrives, at the least rate or faster. */
  measure(): void;
  stop(): void;
}

function watchdog(settings: Settings): Watchdog {
  const controller = new AbortController();
  const giveUp = (): void => {
    controller.abort(new Transient(`nothing arrived for ${settings.stallMs / 1000} s`));
  };
  let timer = setTimeout(giveUp, settings.stallMs);
  let rate: NodeJS.Timeout | undefined;
  let arrived = 0;
  const judgeRate = (): void => {
    if (arrived < (LEAST_BYTES_PER_SECOND * settings.stallMs) / 1000)
      controller.abort(new TooSlow(`less than a kilobyte a second arrived for ${settings.stallMs / 1000} s`));
    arrived = 0;
  };
  return {
    settings,
    signal:
      settings.signal === undefined
        ? controller.signal
        : AbortSignal.any([settings.signal, controller.signal]),
    alive: (bytes = 0) => {
      arrived += bytes;
      clearTimeout(timer);
      timer = setTimeout(giveUp, settings.stallMs);
    },
    measure: () => {
      rate ??= setInterval(judgeRate, settings.stallMs);
    },
    stop: () => {
      clearTimeout(timer);
      clearInterval(rate);
    },
  };
}

/** A person's abort stays what it is; everything else is the network's. */
function networkError(error: unknown, host: string, settings: Settings): unknown {
  if (settings.signal?.aborted === true) return settings.signal.reason;
  if (error instanceof TooSlow) return new TooSlow(`${host}: ${error.message}`);
  if (error instanceof Transient) return new Transient(`${host}: ${error.message}`);
  if (error instanceof InputError) return error;
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code = errorCode(cause) ?? null;
  const said = cause instanceof Error ? cause.message.replace(/\s+/g, ' ').replace(/\.$/, '') : String(cause);
  return new Transient(
    REASONS[code ?? '']?.(host) ?? `the connection to ${host} broke (${said || code})`,
    null,
    code,
  );
}

const REASONS: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `the address of ${host} was not found`,
  EAI_AGAIN: (host) => `the address of ${host} was not found`,
  ECONNREFUSED: (host) => `${host} does not accept connections`,
  ECONNRESET: (host) => `the connection to ${host} was cut`,
  UND_ERR_SOCKET: (host) => `the connection to ${host} was cut`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `${host} does not answer`,
  ENETUNREACH: (host) => `there is no network to reach ${host}`,
};
