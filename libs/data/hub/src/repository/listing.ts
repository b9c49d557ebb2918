/**
 * What a repository holds at a revision: the commit, the files with size and digest, and, for a data set, the
 * configurations that its card declares.
 *
 * Source of the shape: `GET {endpoint}/api/{models|datasets}/{repo}/revision/{revision}?blobs=true`, with
 * `id` (the canonical name), `sha`, `siblings[{rfilename, size, blobId, lfs: {sha256, size}}]` and
 * `cardData.configs`.
 */
import { InputError } from '@layerwise/errors';
import { parseDigest, type Digest } from '../folder/digest.js';
import { isRepository, type RepositoryKind } from './name.js';
import { hubRequest, refusal } from '../network/refusal.js';
import { get } from '../network/request.js';
import { retrying } from '../network/retry.js';
import type { Settings } from '../settings.js';

export interface RemoteFile {
  /** Inside the repository, with slashes. */
  path: string;
  /** Null where the server does not say before the download. */
  bytes: number | null;
  digest: Digest | null;
}

export interface Listing {
  kind: RepositoryKind;
  /** The canonical name. */
  repo: string;
  revision: string;
  /** 40 hexadecimal digits. */
  commit: string;
  files: RemoteFile[];
  /** `cardData.configs` as it came, unchecked; null where there is none. */
  cardConfigs: unknown;
}

export interface ChosenFile {
  /** Name in the local folder: one segment. */
  name: string;
  remote: RemoteFile;
}

/** Which files a model or a task needs: `model-files.ts` and `task-files.ts` say. */
export interface Choice {
  listing: Listing;
  files: ChosenFile[];
  /** The data set's configuration; null for a model. */
  config: string | null;
}

/** That of a hundred thousand files has 25 MB. */
const MOST_LISTING_BYTES = 64e6;

/** Asks the hub. Errors: InputError for a name or revision that it lacks, a plain Error of the network. */
export async function listRepository(
  settings: Settings,
  kind: RepositoryKind,
  repo: string,
  revision: string,
): Promise<Listing> {
  const api = `${settings.endpoint}/api/${kind === 'model' ? 'models' : 'datasets'}/${repo}`;
  const url = `${api}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const request = hubRequest(settings, { kind, repo, revision }, null);
  const text = await retrying(
    settings,
    {
      furthest: () => 0,
      // A wrong or unreachable address does not mend in half a minute: say it at once.
      isPermanent: (error) => error.code === 'ENOTFOUND' || error.code === 'ECONNREFUSED',
      advice: 'check the network and the address of the hub (HF_ENDPOINT), then run the same command again',
    },
    async () => {
      const answer = await get(settings, url, { accept: 'application/json' });
      if (answer.status === 200) return await answer.text(MOST_LISTING_BYTES);
      answer.discard();
      throw refusal(answer, request, settings.clock.now());
    },
  );
  return parseListing(text, { kind, repo, revision }, new URL(settings.endpoint).host);
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const asBytes = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

function parseListing(
  text: string,
  repository: Pick<Listing, 'kind' | 'repo' | 'revision'>,
  host: string,
): Listing {
  let answer: unknown = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // not JSON: refused below, as anything else that is no listing
  }
  const commit = isObject(answer) ? asText(answer['sha']) : null;
  if (
    !isObject(answer) ||
    !Array.isArray(answer['siblings']) ||
    commit === null ||
    !/^[0-9a-f]{40}$/.test(commit)
  ) {
    throw new Error(`${host} does not answer as a Hugging Face hub does: check the address (HF_ENDPOINT).`);
  }
  const id = asText(answer['id']);
  const card = isObject(answer['cardData']) ? answer['cardData'] : {};
  return {
    ...repository,
    repo: id !== null && isRepository(id) ? id : repository.repo,
    commit,
    files: answer['siblings'].map((sibling: unknown) => remoteFile(sibling, repository.repo)),
    cardConfigs: card['configs'] ?? null,
  };
}

function remoteFile(sibling: unknown, repo: string): RemoteFile {
  const entry = isObject(sibling) ? sibling : {};
  const path = asText(entry['rfilename']) ?? '';
  if (!isSafePath(path)) {
    throw new InputError(
      `"${repo}" lists a file named ${JSON.stringify(path)}, which would lie outside its folder: nothing was fetched, do not use this repository.`,
    );
  }
  const lfs = isObject(entry['lfs']) ? entry['lfs'] : null;
  if (lfs !== null) {
    return {
      path,
      bytes: asBytes(lfs['size']) ?? asBytes(entry['size']),
      digest: parseDigest(asText(lfs['sha256']) ?? asText(lfs['oid'])),
    };
  }
  return { path, bytes: asBytes(entry['size']), digest: parseDigest(asText(entry['blobId'])) };
}

/** A relative path with slashes that stays below where it starts, on every system. */
export function isSafePath(path: string): boolean {
  if (/[\\:\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The address of a file at a commit. */
export function fileAddress(settings: Settings, listing: Listing, path: string): string {
  const prefix = listing.kind === 'model' ? '' : 'datasets/';
  const name = path.split('/').map(encodeURIComponent).join('/');
  return `${settings.endpoint}/${prefix}${listing.repo}/resolve/${listing.commit}/${name}`;
}
