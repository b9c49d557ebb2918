/** What a person reads after a fetch. The command line prints it; nothing here writes anywhere. */
import { textTable } from '@layerwise/artifacts';
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
