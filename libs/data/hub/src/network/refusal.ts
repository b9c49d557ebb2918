/**
 * What the hub says when it says no, as the sentence a person reads: which error, and whether another attempt
 * may help. The hub names its reasons in `x-error-code` (RepoNotFound, GatedRepo, RevisionNotFound,
 * EntryNotFound) and `x-error-message`; a missing repository looks like 401 to who has no token.
 */
import { InputError } from '@layerwise/errors';
import type { RepositoryKind } from '../repository/name.js';
import type { Settings } from '../settings.js';

/** A failure that another attempt may mend. `waitMs`: the server's wish; null leaves it to the backoff. */
export class Transient extends Error {
  constructor(
    message: string,
    readonly waitMs: number | null = null,
    /** The system's name of the failure (ENOTFOUND, ...), where there is one. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** A connection that only drips: what it brings is no progress, and it has cost its time. */
export class TooSlow extends Transient {}

export interface HubRequest {
  kind: RepositoryKind;
  repo: string;
  revision: string;
  endpoint: string;
  hasToken: boolean;
  /** The file, or null for the listing. */
  file: string | null;
}

/** `file`: null for the listing. */
export function hubRequest(
  { endpoint, token }: Settings,
  { kind, repo, revision }: Pick<HubRequest, 'kind' | 'repo' | 'revision'>,
  file: string | null,
): HubRequest {
  return { kind, repo, revision, endpoint, hasToken: token !== undefined, file };
}

export interface FailedAnswer {
  status: number;
  headers: Headers;
  /** The host that said so, and whether it is the hub or a storage host to which the hub redirected. */
  host: string;
  fromHub: boolean;
}

/** The error to throw for an answer that is no success. */
export function refusal(answer: FailedAnswer, request: HubRequest, now: number): Error {
  const { status, headers, host } = answer;
  const thing = request.file ?? 'the list of files';
  if (status === 429 || status === 408 || status >= 500) {
    const why = status === 429 ? 'asks to slow down' : 'fails';
    return new Transient(`${host} ${why} (${status}) when asked for ${thing}`, requestedWait(headers, now));
  }
  // A storage host refuses a signed address that has run out; the next attempt asks the hub for a new one.
  if (!answer.fromHub) return new Transient(`${host} refuses ${thing} (${status})`);
  return hubRefusal(answer, request, thing);
}

function hubRefusal(answer: FailedAnswer, request: HubRequest, thing: string): Error {
  const { status, headers, host } = answer;
  const code = headers.get('x-error-code');
  const said = headers.get('x-error-message') ?? '';
  const what = `${request.kind === 'model' ? 'model' : 'data set'} "${request.repo}"`;
  const page = `${request.endpoint}/${request.kind === 'model' ? '' : 'datasets/'}${request.repo}`;
  if (code === 'GatedRepo') {
    return new InputError(
      request.hasToken
        ? `The ${what} is gated and the account of your access token may not read it: ask for access at ${page}.`
        : `The ${what} is gated: ask for access at ${page}, then set HF_TOKEN to an access token of that account.`,
    );
  }
  if (said.includes('disabled'))
    return new InputError(`The ${what} has been disabled on ${host}: choose another.`);
  if (code === 'RevisionNotFound') {
    return new InputError(
      `The ${what} has no revision "${request.revision}": see its branches and tags at ${page}.`,
    );
  }
  if (code === 'EntryNotFound')
    return new InputError(`The ${what} lists ${thing} but ${host} does not have it.`);
  if (status === 401 && request.hasToken && code !== 'RepoNotFound') {
    return new InputError(`${host} refuses your access token: set HF_TOKEN to a valid one, or unset it.`);
  }
  if (code === 'RepoNotFound' || status === 401 || (status === 404 && request.file === null)) {
    const token = request.hasToken ? 'one that may read it' : 'an access token';
    return new InputError(
      `${host} has no ${what}, or it is private: check the spelling, or set HF_TOKEN to ${token}.`,
    );
  }
  if (status === 403) {
    return new InputError(
      `${host} forbids ${thing} of the ${what}${said === '' ? '' : ` ("${said}")`}: see ${page}.`,
    );
  }
  return new Error(`${host} answers ${status} when asked for ${thing} of the ${what}.`);
}

/** Milliseconds that the server asks to wait: Retry-After (seconds or a date), or the RateLimit header. */
function requestedWait(headers: Headers, now: number): number | null {
  const after = headers.get('retry-after');
  if (after !== null) {
    const ms = /^\d+$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - now;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  const limit = /;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)/.exec(headers.get('ratelimit') ?? '');
  return limit === null ? null : (Number(limit[1]) + 1) * 1000;
}
