/** Which rows are drawn where there are too many: a seeded sample without replacement. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

/** Ascending row numbers: all where `limit` allows, else `limit` of them, each set of rows as likely. */
export function sampleRows(rows: number, limit: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  if (rows <= limit) return order;
  const random = mersenne(seed);
  for (let place = 0; place < limit; place++) {
    const other = uniformInt(random, place, rows - 1);
    const chosen = order[other]!;
    order[other] = order[place]!;
    order[place] = chosen;
  }
  return order.subarray(0, limit).sort();
}
