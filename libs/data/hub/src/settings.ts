/**
 * The settings of a fetch: the options of the public face and the environment variables that Hugging Face's
 * own tools read. `fetch.ts` turns options into settings once; every other file here takes
 * settings.
 *
 * Variables and their defaults are those of huggingface_hub: HF_ENDPOINT, HF_HOME (else XDG_CACHE_HOME or
 * ~/.cache, then /huggingface), HF_TOKEN (else the file HF_HOME/token), HF_HUB_OFFLINE.
 */
import { statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InputError, readRegular } from '@layerwise/errors';

/** The hub that is asked when nothing else is said: the only address in this lib. */
export const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** One step of one file. `received` and `total` are bytes of that file; `total` is null while unknown. */
export interface Progress {
  file: string;
  received: number;
  total: number | null;
  /** Files that are complete so far, those that were there already included. */
  filesDone: number;
  filesTotal: number;
}

/** Time, so that a test need not wait. `sleep` rejects when the signal is aborted. Units: milliseconds. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export interface HubOptions {
  /** Models go to `models/`, tasks to `tasks/` of this folder. */
  cacheFolder: string;
  /** The hub's address; a path after the host is kept (mirrors). Default: DEFAULT_ENDPOINT. */
  endpoint?: string | undefined;
  /** Access token. Sent to the endpoint's own origin alone, never along a redirect to another one. */
  token?: string | undefined;
  /** Branch, tag or commit. Default: main. */
  revision?: string | undefined;
  /** Folder of Hugging Face's own cache; files that it holds in the right version are not downloaded. */
  hfHome?: string | undefined;
  /** No request at all: what is in the cache folder or in hfHome, or an error. */
  offline?: boolean | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting it ends the fetch with the signal's reason; what was received is kept for the next one. */
  signal?: AbortSignal | undefined;
  /** Attempts in a row without a new byte before giving up. Default: 6. */
  attempts?: number | undefined;
  /** Milliseconds without a byte after which a connection counts as dead. Default: 30,000. */
  stallMs?: number | undefined;
  clock?: Clock | undefined;
  /** Bytes free for this user on the disk that holds `folder` (which exists). Default: statfs. */
  freeBytes?: ((folder: string) => Promise<number>) | undefined;
}

/** What may be left out and has no default. */
type Optional = 'token' | 'hfHome' | 'signal';

/** Options with everything decided; the endpoint without a slash at its end. */
export type Settings = { [K in Exclude<keyof HubOptions, Optional>]-?: NonNullable<HubOptions[K]> } & {
  [K in Optional]: HubOptions[K];
};

const realClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, signal === undefined ? {} : { signal });
  },
};

async function freeOnDisk(folder: string): Promise<number> {
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}

/** Checks the options and fills in what they leave out. */
export function resolveSettings(options: HubOptions): Settings {
  const revision = options.revision ?? 'main';
  if (!/^[\w][\w./-]*$/.test(revision) || revision.includes('..')) {
    throw new InputError(`"${revision}" is not a revision: give a branch, a tag or a commit.`);
  }
  const token = options.token?.trim();
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new InputError(
      'The access token (HF_TOKEN) is empty or has characters that no token has: copy it again.',
    );
  }
  return {
    cacheFolder: resolve(options.cacheFolder),
    endpoint: checkedEndpoint(options.endpoint ?? DEFAULT_ENDPOINT),
    token,
    revision,
    hfHome: options.hfHome,
    offline: options.offline ?? false,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
    attempts: options.attempts ?? 6,
    stallMs: options.stallMs ?? 30_000,
    clock: options.clock ?? realClock,
    freeBytes: options.freeBytes ?? freeOnDisk,
  };
}

function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new InputError(
      `"${endpoint}" is not the address of a hub: give one that begins with http:// or https:// (HF_ENDPOINT), without user name or query.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** The part of HubOptions that the environment decides; spread it before what the person typed. */
export type EnvironmentSettings = Pick<HubOptions, 'endpoint' | 'token' | 'hfHome' | 'offline'>;

/** Reads HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_OFFLINE; without HF_TOKEN the file `token` in HF_HOME. */
export function settingsFromEnvironment(env: Record<string, string | undefined>): EnvironmentSettings {
  const value = (name: string): string | undefined => nonEmpty(env[name]);
  const caches = value('XDG_CACHE_HOME') ?? join(value('HOME') ?? homedir(), '.cache');
  const hfHome = value('HF_HOME') ?? join(caches, 'huggingface');
  return {
    endpoint: value('HF_ENDPOINT'),
    token: value('HF_TOKEN') ?? tokenFile(join(hfHome, 'token')),
    hfHome,
    offline: ['1', 'ON', 'YES', 'TRUE'].includes(value('HF_HUB_OFFLINE')?.toUpperCase() ?? ''),
  };
}

/** A variable that is set to nothing counts as not set. */
function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function tokenFile(path: string): string | undefined {
  try {
    return nonEmpty(readRegular(path).toString());
  } catch {
    return undefined; // none, or not ours to read: the same as no token
  }
}
