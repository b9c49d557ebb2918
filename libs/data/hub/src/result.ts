/** What a fetch gives back, made by `gather.ts`, told by `describe.ts`. */
export interface FetchedFile {
  /** Name in the folder. */
  path: string;
  bytes: number;
  /** `sha256:` and 64 hexadecimal digits, of the content. */
  digest: string;
  /** True when nothing of it was downloaded now: it was in the folder or in Hugging Face's cache. */
  reused: boolean;
}

export interface FetchResult {
  /** As it was asked for. */
  name: string;
  /** Absolute path of the folder that now holds all `files` and `source.json`. */
  folder: string;
  repo: string;
  /** Configuration of a data set; null for a model. */
  config: string | null;
  commit: string;
  files: FetchedFile[];
}
