/** Where to cut a table into record batches. Used by `write-table.ts`. */
import type { PreparedColumn } from './prepare-columns.js';

/** Arrow's offsets and apache-arrow's sizes are 32-bit signed; a little room for padding. */
const largestBody = 2 ** 31 - 2 ** 16;

/**
 * Row numbers at which batches begin, and last the number of rows: [0, 5, 9] are the batches 0-4 and 5-8; [0]
 * is no batch. The bodies stay within `batchBytes` (validity and padding aside), except where one row alone
 * is larger. Throws an Error where one row alone is beyond what 32-bit offsets can address.
 */
export function planBatches(
  columns: readonly PreparedColumn[],
  rows: number,
  batchBytes: number,
): readonly number[] {
  if (!(batchBytes > 0)) throw new Error(`batchBytes is ${batchBytes}, it must be positive`);
  const limit = Math.min(batchBytes, largestBody);
  const fixed = columns.reduce((sum, column) => sum + fixedBytes(column), 0);
  const variable = columns.filter((column) => column.textBytes !== null || column.offsets !== null);
  const starts = [0];
  let used = 0;
  for (let row = 0; row < rows; row++) {
    let bytes = fixed;
    for (const column of variable) bytes += variableBytes(column, row);
    if (bytes > largestBody)
      throw new Error(`row ${row} takes ${bytes} bytes, more than an Arrow batch holds`);
    if (used > 0 && used + bytes > limit) {
      starts.push(row);
      used = 0;
    }
    used += bytes;
  }
  if (rows > 0) starts.push(rows);
  return starts;
}

/** Bytes that every row takes: values of one width, an offset, and a bit of validity (counted as a byte). */
function fixedBytes(column: PreparedColumn): number {
  const offset = column.offsets !== null || column.type === 'utf8' ? 4 : 0;
  const values = column.offsets === null ? (column.numbers?.BYTES_PER_ELEMENT ?? 0) * column.stride : 0;
  return offset + values + 1;
}

function variableBytes(column: PreparedColumn, row: number): number {
  const { offsets, textBytes, numbers } = column;
  const from = offsets === null ? row : offsets[row]!;
  const to = offsets === null ? row + 1 : offsets[row + 1]!;
  if (textBytes === null) return (to - from) * (numbers?.BYTES_PER_ELEMENT ?? 0);
  let bytes = offsets === null ? 0 : 4 * (to - from);
  for (let i = from; i < to; i++) bytes += textBytes[i]!;
  return bytes;
}
