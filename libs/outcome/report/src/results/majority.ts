/**
 * What an answer that knows nothing of the text reaches on a pair's first task: the share of the most
 * frequent label in D_o's dev split. It is read off the labels beside the answers of one evaluated run of
 * each pair, all of which are asked the same rows.
 */
import { join } from 'node:path';
import { predictionsTable, readTable } from '@layerwise/artifacts';
import type { ArtifactFolder } from '../artifacts/find-artifacts.js';

const FILE = 'predictions-original-before.arrow';

export interface MajorityShare {
  readonly pair: string;
  readonly share: number;
}

/** @param pairOf the pair of each run, by its folder @throws InputError where a file is damaged */
export async function majorityShares(
  folders: readonly ArtifactFolder[],
  pairOf: ReadonlyMap<string, string>,
): Promise<MajorityShare[]> {
  const shares: MajorityShare[] = [];
  for (const { folder, files } of folders) {
    const pair = pairOf.get(folder);
    if (pair === undefined || !files.includes(FILE) || shares.some((one) => one.pair === pair)) continue;
    const table = await readTable(join(folder, FILE), predictionsTable);
    shares.push({ pair, share: majorityShare(table.column('label')) });
  }
  return shares;
}

/** Of a list of labels that is not empty. */
function majorityShare(labels: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  for (const label of Array.from(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}
