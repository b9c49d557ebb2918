/** What a person reads after a fetch. The command line prints it; nothing here writes anywhere. */
import { readableBytes } from './bytes.js';
import type { FetchResult } from './result.js';

/** One line for what it is, one a file, one for the folder. */
export function describeFetch(result: FetchResult): string[] {
  const { name, repo, config, commit, files, folder } = result;
  const from = [
    name === repo ? null : repo,
    config === null ? null : `task ${config}`,
    `commit ${commit.slice(0, 12)}`,
  ];
  const widest = Math.max(...files.map((file) => file.path.length));
  const widestSize = Math.max(...files.map((file) => readableBytes(file.bytes).length));
  const fetched = files.filter((file) => !file.reused);
  const downloaded = fetched.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${name} (${from.filter((part) => part !== null).join(', ')})`,
    ...files.map(
      ({ path, bytes, reused }) =>
        `  ${path.padEnd(widest)}  ${readableBytes(bytes).padStart(widestSize)}  ${reused ? 'already here' : 'downloaded'}`,
    ),
    `${readableBytes(downloaded)} downloaded; ${files.length} files in ${folder}`,
  ];
}
