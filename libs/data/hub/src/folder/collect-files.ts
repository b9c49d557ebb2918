/**
 * From a choice of files to the folder that holds them: take what is there (the folder, an interrupted fetch,
 * Hugging Face's cache), download the rest, publish. Called by `fetch.ts` under the folder's lock.
 */
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@layerwise/artifacts';
import { checkRegular, fileExists, InputError, makeFolder, readRegular } from '@layerwise/errors';
import { fileContent, type Digest, type FileContent } from './digest.js';
import { downloadFile } from '../network/download.js';
import { hubRequest } from '../network/refusal.js';
import { cachedFile } from '../repository/hugging-face-cache.js';
import { fileAddress, type Choice, type ChosenFile, type Listing } from '../repository/listing.js';
import { checkShards } from '../repository/model-files.js';
import type { RepositoryName } from '../repository/name.js';
import { publish, readNote, type SourceNote } from './publish.js';
import type { FetchResult } from '../result.js';
import type { Settings } from '../settings.js';
import { makeSureOfRoom } from './space.js';

interface CollectedFile {
  file: ChosenFile;
  /** The final folder, or the staging folder beside it, from which it is published. */
  place: 'folder' | 'staging';
  content: FileContent;
  reused: boolean;
}

/** Errors: as `fetchModel`; file-system errors as they come. */
export async function collectFiles(
  name: RepositoryName,
  settings: Settings,
  choice: Choice,
  folder: string,
): Promise<FetchResult> {
  const staging = `${folder}.partial`;
  makeFolder(staging);
  const collected = new Map<ChosenFile, CollectedFile>();
  for (const file of choice.files) {
    settings.signal?.throwIfAborted();
    const found =
      (await present(folder, staging, file)) ?? (await fromCache(name, settings, choice, staging, file));
    if (found !== null) collected.set(file, found);
  }
  await refuseForeign(
    folder,
    choice.files.filter((file) => collected.get(file)?.place !== 'folder'),
  );
  const missing = choice.files.filter((file) => !collected.has(file));
  await makeSureOfRoom(settings, staging, missing, name.name);

  const filesTotal = choice.files.length;
  for (const file of missing) {
    const place = { from: choice.listing, staging, filesDone: collected.size, filesTotal };
    collected.set(file, await downloadOne(settings, file, place));
  }
  const all = choice.files.flatMap((file) => collected.get(file) ?? []);
  checkShards(choice, (path) => {
    const place = all.find(({ file }) => file.name === path)?.place;
    return readRegular(join(place === 'folder' ? folder : staging, path)).toString();
  });
  await publishIfChanged(noteOf(name, settings, choice, all), all, staging, folder);
  return {
    name: name.name,
    folder,
    repo: choice.listing.repo,
    config: choice.config,
    commit: choice.listing.commit,
    files: all.map(({ file, content: { bytes, sha256 }, reused }) => ({
      path: file.name,
      bytes,
      digest: `sha256:${sha256}`,
      reused,
    })),
  };
}

function noteOf(
  name: RepositoryName,
  settings: Settings,
  choice: Choice,
  all: readonly CollectedFile[],
): SourceNote {
  return {
    name: name.name,
    kind: name.kind,
    repo: choice.listing.repo,
    config: choice.config,
    revision: choice.listing.revision,
    commit: choice.listing.commit,
    date: new Date(settings.clock.now()).toISOString(),
    files: all.map(({ file, content: { bytes, sha256 } }) => ({
      path: file.name,
      remotePath: file.remote.path,
      bytes,
      sha256,
    })),
  };
}

/** Publishes, unless the folder already is what the note says: then it and its date stay as they are. */
async function publishIfChanged(
  note: SourceNote,
  all: readonly CollectedFile[],
  staging: string,
  folder: string,
): Promise<void> {
  const fresh = all.filter(({ place }) => place === 'staging').map(({ file }) => file.name);
  const old = readNote(folder);
  const unchanged = old !== null && JSON.stringify({ ...old, date: note.date }) === JSON.stringify(note);
  if (fresh.length === 0 && unchanged) await rm(staging, { recursive: true, force: true });
  else await publish(staging, folder, fresh, note);
}

/** In the folder from an earlier fetch, or in the staging folder from one that was interrupted. */
async function present(folder: string, staging: string, file: ChosenFile): Promise<CollectedFile | null> {
  const { digest, bytes } = file.remote;
  if (digest === null) return null;
  for (const place of ['folder', 'staging'] as const) {
    const content = await contentOf(join(place === 'folder' ? folder : staging, file.name), digest);
    if (content?.matches === true && content.bytes === (bytes ?? content.bytes)) {
      return { file, place, content, reused: true };
    }
  }
  return null;
}

/** From Hugging Face's cache into the staging folder, by a hard link where the disk is one, else a copy. */
async function fromCache(
  name: RepositoryName,
  settings: Settings,
  choice: Choice,
  staging: string,
  file: ChosenFile,
): Promise<CollectedFile | null> {
  if (settings.hfHome === undefined) return null;
  const { kind, repo, commit } = choice.listing;
  const source = await cachedFile(settings.hfHome, kind, [repo, name.repo], commit, file.remote.path);
  const content = source === null ? null : await contentOf(source, file.remote.digest);
  if (source === null || content?.matches !== true) return null;
  const target = join(staging, file.name);
  await rm(target, { force: true });
  try {
    await link(source, target);
  } catch {
    // Another disk, or one without links. Under another name until it is whole.
    await copyFile(source, `${target}.copy`);
    const copy = await open(`${target}.copy`, 'r+');
    await copy.sync().finally(() => copy.close());
    await rename(`${target}.copy`, target);
    await syncFolder(staging);
  }
  return { file, place: 'staging', content, reused: true };
}

/** A folder that no fetch made keeps its files: one that would be replaced is an error. */
async function refuseForeign(folder: string, coming: readonly ChosenFile[]): Promise<void> {
  if (readNote(folder) !== null) return;
  for (const file of coming) {
    if ((await contentOf(join(folder, file.name), null)) === null) continue;
    throw new InputError(
      `${join(folder, file.name)} differs from the hub's and was not put there by a fetch: move it away or choose another cache folder.`,
    );
  }
}

interface DownloadPlace {
  from: Listing;
  staging: string;
  filesDone: number;
  filesTotal: number;
}

async function downloadOne(
  settings: Settings,
  file: ChosenFile,
  { from, staging, filesDone, filesTotal }: DownloadPlace,
): Promise<CollectedFile> {
  if (settings.offline) {
    throw new InputError(
      `${file.remote.path} of "${from.repo}" is damaged in Hugging Face's cache and HF_HUB_OFFLINE forbids asking the hub: unset it.`,
    );
  }
  const { bytes, digest, path } = file.remote;
  const report = (received: number, total: number | null, done: number): void => {
    settings.onProgress({ file: file.name, received, total, filesDone: done, filesTotal });
  };
  const content = await downloadFile(settings, {
    url: fileAddress(settings, from, path),
    target: join(staging, file.name),
    bytes,
    digest,
    request: hubRequest(settings, from, path),
    onBytes: (received, total) => {
      report(received, total, filesDone);
    },
  });
  report(content.bytes, content.bytes, filesDone + 1);
  return { file, place: 'staging', content, reused: false };
}

/** The content of a file, or null when it is not collected. */
export async function contentOf(path: string, digest: Digest | null): Promise<FileContent | null> {
  if (!fileExists(path)) return null;
  checkRegular(path, Infinity);
  return fileContent(path, digest);
}
