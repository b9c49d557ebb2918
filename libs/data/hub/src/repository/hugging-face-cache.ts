/**
 * What Hugging Face's own tools have already put on this machine. Read only; `fetch.ts` links or copies from
 * it.
 *
 * Layout (huggingface_hub): HF_HOME/hub/models--owner--name/ (datasets--…) with `refs/REVISION` (a file that
 * holds a commit), `snapshots/COMMIT/PATH` (links), `blobs/DIGEST` (what they point to, named by sha256 or
 * git sha1).
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileExists, readRegular } from '@layerwise/errors';
import { parseDigest } from '../folder/digest.js';
import type { Listing, RemoteFile } from './listing.js';
import type { RepositoryKind } from './name.js';

function repositoryFolder(hfHome: string, kind: RepositoryKind, repo: string): string {
  return join(hfHome, 'hub', `${kind}s--${repo.replaceAll('/', '--')}`);
}

/** The real path of a file at a commit, under any of the repository's names; null when it is not there. */
export async function cachedFile(
  hfHome: string,
  kind: RepositoryKind,
  repos: readonly string[],
  commit: string,
  path: string,
): Promise<string | null> {
  for (const repo of repos) {
    const file = join(repositoryFolder(hfHome, kind, repo), 'snapshots', commit, ...path.split('/'));
    const real = await realpath(file).catch(() => null);
    if (real !== null && (await stat(real)).isFile()) return real;
  }
  return null;
}

/** The listing of a snapshot, without asking the hub; null when there is none of that revision. */
export async function cachedListing(
  hfHome: string,
  kind: RepositoryKind,
  repo: string,
  revision: string,
): Promise<Listing | null> {
  const folder = repositoryFolder(hfHome, kind, repo);
  const file = join(folder, 'refs', ...revision.split('/'));
  const ref = fileExists(file) ? readRegular(file).toString() : revision;
  const commit = ref.trim();
  if (!/^[0-9a-f]{40}$/.test(commit)) return null;
  const snapshot = join(folder, 'snapshots', commit);
  const entries = await readdir(snapshot, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: RemoteFile[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const real = await realpath(path).catch(() => null);
    const found = real === null ? null : await stat(real);
    if (real === null || found?.isFile() !== true) continue;
    files.push({
      path: relative(snapshot, path).split(sep).join('/'),
      bytes: found.size,
      digest: parseDigest(basename(real)),
    });
  }
  return files.length === 0 ? null : { kind, repo, revision, commit, files, cardConfigs: null };
}
