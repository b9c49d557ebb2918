/**
 * What `model-files.ts` and `task-files.ts` decide and `fetch.ts` carries out: which files, under which
 * names.
 */
import type { Listing, RemoteFile } from './listing.js';

export interface ChosenFile {
  /** Name in the local folder: one segment. */
  name: string;
  remote: RemoteFile;
}

export interface Choice {
  listing: Listing;
  files: ChosenFile[];
  /** The data set's configuration; null for a model. */
  config: string | null;
}
