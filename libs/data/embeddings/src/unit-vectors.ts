/** Vectors of length 1, as PyTorch's `normalize` makes them: a vector of zeros stays one. */

/** Scales consecutive vectors of `size` numbers, in place. */
export function scaleToLengthOne(vectors: Float32Array, size: number): void {
  for (let start = 0; start < vectors.length; start += size) {
    const vector = vectors.subarray(start, start + size);
    const norm = Math.max(Math.hypot(...vector), 1e-12);
    vector.forEach((value, i) => (vector[i] = value / norm));
  }
}
