/** Makes do with as many categories as a reader can tell apart: the rarest become one. */
import type { Column } from './check.js';

export interface Categories {
  /** For each point the position of its name. */
  readonly category: Column;
  readonly names: readonly string[];
}

/**
 * At most `most` categories: the commonest in their order (ties by order), the rest as one last category "N
 * others". Unchanged where there are no more.
 */
export function foldRare({ category, names }: Categories, most: number): Categories {
  if (names.length <= most) return { category, names };
  const counts = new Uint32Array(names.length);
  for (const name of category) counts[name] = counts[name]! + 1;
  const kept = names
    .map((_, i) => i)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, most - 1)
    .sort((a, b) => a - b);
  const position = new Int32Array(names.length).fill(kept.length);
  kept.forEach((old, i) => (position[old] = i));
  return {
    category: Int32Array.from(category, (name) => position[name]!),
    names: [...kept.map((i) => names[i]!), `${names.length - kept.length} others`],
  };
}
