/** Which clusters make D_o and which D_s, as a person writes it: a number, a list, or "0,3". */
import { InputError } from '@layerwise/errors';

export type ClusterChoice = number | string | readonly number[];

export interface ChosenClusters {
  readonly original: readonly number[];
  readonly shifted: readonly number[];
}

/** @throws InputError where one is no cluster of k, is named twice or is in both parts */
export function chosenClusters(original: ClusterChoice, shifted: ClusterChoice, k: number): ChosenClusters {
  const chosen = { original: parse('original', original, k), shifted: parse('shifted', shifted, k) };
  const shared = chosen.original.find((cluster) => chosen.shifted.includes(cluster));
  if (shared !== undefined)
    throw new InputError(
      `--original and --shifted both name cluster ${shared}; a cluster belongs to one part`,
    );
  return chosen;
}

function parse(name: keyof ChosenClusters, choice: ClusterChoice, k: number): number[] {
  const words = typeof choice === 'object' ? choice.map(String) : String(choice).split(',');
  const clusters = words.map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : NaN));
  const bad = clusters.findIndex((cluster, i) => !(cluster < k) || clusters.indexOf(cluster) !== i);
  if (bad >= 0)
    throw new InputError(
      `--${name} names "${words[bad] ?? ''}", but wants different clusters from 0 to ${k - 1}`,
    );
  return clusters.sort((a, b) => a - b);
}
