/** Vectors as K-means takes them: end to end in one typed array, never as an array of rows. */
import { takeVectors, type Vectors } from '@layerwise/artifacts';

/** [rows, size]; what `readEmbeddingFolder` gives for a split is such a thing. */
export type Points = Pick<Vectors, 'size' | 'values'>;

export function rowCount({ size, values }: Points): number {
  return values.length / size;
}

/** The given rows as centres: [rows.length, size]. */
export function centresAt(points: Points, rows: Int32Array): Float64Array {
  return Float64Array.from(takeVectors(points, rows));
}

/** |x − c|² of one row and one centre, summed in Float64 from the first number on. */
export function squaredDistance(
  { size, values }: Points,
  row: number,
  centres: Float64Array | Float32Array,
  centre: number,
): number {
  const from = row * size;
  const other = centre * size;
  let sum = 0;
  for (let j = 0; j < size; j++) {
    const difference = values[from + j]! - centres[other + j]!;
    sum += difference * difference;
  }
  return sum;
}
