/** What a fetch gives back, and how it is told. Nothing here writes anywhere. */
import { textTable } from '@layerwise/artifacts';
import { readableBytes } from './bytes.js';

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

/** One line for what it is, one a file, one for the folder. */
export function describeFetch(result: FetchResult): string[] {
  const { name, repo, config, commit, files, folder } = result;
  const from = [
    name === repo ? null : repo,
    config === null ? null : `task ${config}`,
    `commit ${commit.slice(0, 12)}`,
  ];
  const fetched = files.filter((file) => !file.reused);
  const downloaded = fetched.reduce((sum, file) => sum + file.bytes, 0);
  const rows = files.map(({ path, bytes, reused }) => [
    path,
    readableBytes(bytes),
    reused ? 'already here' : 'downloaded',
  ]);
  return [
    `${name} (${from.filter((part) => part !== null).join(', ')})`,
    ...textTable(rows, ['left', 'right']).map((line) => `  ${line}`),
    `${readableBytes(downloaded)} downloaded; ${files.length} files in ${folder}`,
  ];
}
