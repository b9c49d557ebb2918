/** An Int32Array that grows by doubling, for columns whose length is known only at the end. */
export interface GrowingInts {
  values: Int32Array;
  length: number;
}

export function growingInts(capacity: number): GrowingInts {
  return { values: new Int32Array(Math.max(16, capacity)), length: 0 };
}

/** Makes room for `extra` more values after `length`; the caller writes them and moves `length`. */
export function reserve(ints: GrowingInts, extra: number): Int32Array {
  const needed = ints.length + extra;
  if (needed > ints.values.length) {
    const grown = new Int32Array(Math.max(needed, 2 * ints.values.length));
    grown.set(ints.values.subarray(0, ints.length));
    ints.values = grown;
  }
  return ints.values;
}
