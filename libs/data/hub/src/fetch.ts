/**
 * A model or a task of the Hugging Face hub, as a folder of the cache. The flow:
 *
 *     name ─► listing (hub, or Hugging Face's cache when offline) ─► choice of files ─► what is there already
 *          ─► room on the disk ─► downloads into FOLDER.partial ─► FOLDER with its source.json
 *
 * Nothing appears under a final name before it is whole and its digest has been checked. By hand and not by
 * @huggingface/hub, for the reasons in docs/decisions/0033.
 */
import { dirname, join } from 'node:path';
import { InputError, makeFolder } from '@layerwise/errors';
import { takeLock } from '@layerwise/locks';
import { fileError } from './folder/file-error.js';
import { collectFiles, contentOf } from './folder/collect-files.js';
import { cachedListing } from './repository/hugging-face-cache.js';
import { listRepository, type Choice, type Listing } from './repository/listing.js';
import { modelFiles } from './repository/model-files.js';
import { cacheEntry, modelName, taskName, type RepositoryName } from './repository/name.js';
import { readNote } from './folder/publish.js';
import type { FetchedFile, FetchResult } from './result.js';
import { resolveSettings, type HubOptions, type Settings } from './settings.js';
import { CONVERTED, taskFiles } from './repository/task-files.js';

/**
 * Fetches what an encoder folder needs: config, safetensors (one file or shards with their index), tokeniser.
 *
 * @param name `bert-base-uncased`, `owner/name` Errors: InputError for what a person can mend (name, access,
 * disk, offline, a pickle alone, a wrong digest twice); a plain Error of one sentence when the network fails;
 * the signal's reason when it is aborted.
 */
export async function fetchModel(name: string, options: HubOptions): Promise<FetchResult> {
  const wanted = modelName(name);
  return fetchFiles(wanted, resolveSettings(options), async (list) => modelFiles(await list(null)));
}

/**
 * Fetches the Parquet files of one task, named SPLIT-00000-of-00001.parquet.
 *
 * @param name `glue/mrpc` (nyu-mll/glue, configuration mrpc), `owner/name`, `owner/name/config`
 * Errors: as fetchModel.
 */
export async function fetchTask(name: string, options: HubOptions): Promise<FetchResult> {
  const wanted = taskName(name);
  return fetchFiles(wanted, resolveSettings(options), async (list) => {
    const listing = await list(null);
    const choice = taskFiles(listing, wanted.config);
    if (choice !== null) return choice;
    const none = new InputError(
      `The data set "${listing.repo}" has no Parquet files: download it by other means and give its folder.`,
    );
    const converted = await list(CONVERTED).catch((error: unknown) => {
      throw error instanceof InputError ? none : error;
    });
    const choiceThere = taskFiles(converted, wanted.config);
    if (choiceThere === null) throw none;
    return choiceThere;
  });
}

/** Gives the files of a revision; null stands for the revision of the settings. */
type List = (revision: string | null) => Promise<Listing>;

async function fetchFiles(
  name: RepositoryName,
  settings: Settings,
  choose: (list: List) => Promise<Choice>,
): Promise<FetchResult> {
  settings.signal?.throwIfAborted();
  const folder = join(settings.cacheFolder, ...cacheEntry(name, settings.revision).split('/'));
  if (settings.offline) {
    const there = await wholeFolder(name, folder);
    if (there !== null) return there;
  }
  const list: List = (revision) => listing(settings, name, revision ?? settings.revision);
  const choice = await choose(list);
  try {
    makeFolder(dirname(folder));
    const release = takeLock(`${folder}.lock`, folder);
    try {
      return await collectFiles(name, settings, choice, folder);
    } finally {
      release();
    }
  } catch (error) {
    throw fileError(error, folder);
  }
}

async function listing(settings: Settings, name: RepositoryName, revision: string): Promise<Listing> {
  if (!settings.offline) return listRepository(settings, name.kind, name.repo, revision);
  const cached =
    settings.hfHome === undefined
      ? null
      : await cachedListing(settings.hfHome, name.kind, name.repo, revision);
  if (cached !== null) return cached;
  throw new InputError(
    `"${name.name}" is not on this machine and HF_HUB_OFFLINE forbids asking the hub: unset it, or fetch it once with a network.`,
  );
}

/** A folder whose files are all as its note says; null for any other. */
async function wholeFolder(name: RepositoryName, folder: string): Promise<FetchResult | null> {
  const note = readNote(folder);
  if (note === null) return null;
  const files: FetchedFile[] = [];
  for (const { path, sha256 } of note.files) {
    const content = await contentOf(join(folder, path), { kind: 'sha256', hex: sha256 });
    if (content?.matches !== true) return null;
    files.push({ path, bytes: content.bytes, digest: `sha256:${sha256}`, reused: true });
  }
  return { name: name.name, folder, repo: note.repo, config: note.config, commit: note.commit, files };
}
