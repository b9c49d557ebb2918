/**
 * Cholesky factors of symmetric positive definite matrices, and what is solved with them (Golub and Van Loan
 * 2013, section 4.2). Matrices are row-major [n, n] in one Float64Array; a factor L is lower triangular, and
 * what lies above its diagonal is not read.
 */

/**
 * Replaces `a` [n, n] by its factor L with L·Lᵀ = a; only the lower triangle is read.
 * @returns whether `a` was positive definite; if not, it is left half done
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let row = 0; row < n; row++) {
    const start = row * n;
    for (let column = 0; column < row; column++) {
      const other = column * n;
      a[start + column] = (a[start + column]! - dot(a, start, a, other, column)) / a[other + column]!;
    }
    let pivot = a[start + row]!;
    for (let k = 0; k < row; k++) pivot -= a[start + k]! * a[start + k]!;
    if (!(pivot > 0)) return false;
    a[start + row] = Math.sqrt(pivot);
  }
  return true;
}

/** Of `count` numbers, of a from `i` on and of b from `j` on: four sums that do not wait for one another. */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, count: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    sum0 += a[i + k]! * b[j + k]!;
    sum1 += a[i + k + 1]! * b[j + k + 1]!;
    sum2 += a[i + k + 2]! * b[j + k + 2]!;
    sum3 += a[i + k + 3]! * b[j + k + 3]!;
  }
  for (; k < count; k++) sum0 += a[i + k]! * b[j + k]!;
  return sum0 + sum1 + (sum2 + sum3);
}

/** Replaces b [n] by L⁻¹·b. */
export function solveLower(factor: Float64Array, n: number, b: Float64Array): void {
  for (let row = 0; row < n; row++)
    b[row] = (b[row]! - dot(factor, row * n, b, 0, row)) / factor[row * n + row]!;
}

/** Replaces b [n] by L⁻ᵀ·b. */
export function solveUpper(factor: Float64Array, n: number, b: Float64Array): void {
  for (let row = n - 1; row >= 0; row--) {
    const start = row * n;
    const solved = b[row]! / factor[start + row]!;
    b[row] = solved;
    for (let k = 0; k < row; k++) b[k] = b[k]! - solved * factor[start + k]!;
  }
}

/** (L·Lᵀ)⁻¹ [n, n], symmetric and whole. */
export function inverseOf(factor: Float64Array, n: number): Float64Array {
  // Rows of L⁻¹ first: row i is −(Σ_k L_ik · row k)/L_ii, and 1/L_ii on the diagonal.
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = lower.subarray(i * n, i * n + i + 1);
    for (let k = 0; k < i; k++) {
      const weight = factor[i * n + k]!;
      const other = k * n;
      for (let j = 0; j <= k; j++) row[j] = row[j]! - weight * lower[other + j]!;
    }
    const pivot = 1 / factor[i * n + i]!;
    for (let j = 0; j < i; j++) row[j] = row[j]! * pivot;
    row[i] = pivot;
  }
  // Then L⁻ᵀ·L⁻¹ = Σ_k (row k)ᵀ·(row k).
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const weight = lower[k * n + i]!;
      for (let j = 0; j <= i; j++) inverse[i * n + j] = inverse[i * n + j]! + weight * lower[k * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j]!;
  return inverse;
}

/** 2·Σ log L_ii: the logarithm of the determinant of L·Lᵀ. */
export function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(factor[i * n + i]!);
  return 2 * sum;
}
