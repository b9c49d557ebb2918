/**
 * Linear centred kernel alignment (Kornblith et al., ICML 2019, equation 3 with linear kernels): how alike
 * two sets of representations of the same texts are, whatever the rotation or scale of their axes. 1: alike;
 * near 0: unrelated.
 */

/** Vectors of the same texts [texts, width], one after another. */
export interface Representations {
  readonly values: Float32Array;
  readonly width: number;
}

/**
 * ‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖) of column-centred X and Y, by Frobenius norms; null where all vectors of either are
 * equal, so that there is nothing to align. Both have the same number of texts.
 */
export function linearCka(x: Representations, y: Representations): number | null {
  const texts = x.values.length / x.width;
  const [a, b] = [centred(x, texts), centred(y, texts)];
  const across = squaredNorm(a, x.width, b, y.width, texts);
  const own = squaredNorm(a, x.width, a, x.width, texts) * squaredNorm(b, y.width, b, y.width, texts);
  return own > 0 ? across / Math.sqrt(own) : null;
}

/** Less the mean of each column. */
function centred({ values, width }: Representations, texts: number): Float64Array {
  const means = new Float64Array(width);
  values.forEach((value, place) => (means[place % width] = means[place % width]! + value / texts));
  return Float64Array.from(values, (value, place) => value - means[place % width]!);
}

/**
 * ‖BᵀA‖² = Σ over pairs of texts (a_i·a_j)(b_i·b_j): by columns or by pairs of texts, whichever are fewer.
 */
function squaredNorm(
  a: Float64Array,
  widthA: number,
  b: Float64Array,
  widthB: number,
  texts: number,
): number {
  if (texts < Math.min(widthA, widthB)) return byTexts(a, widthA, b, widthB, texts);
  const products = new Float64Array(widthA * widthB);
  for (let text = 0; text < texts; text++) {
    const [fromA, fromB] = [text * widthA, text * widthB];
    for (let i = 0; i < widthA; i++) {
      const value = a[fromA + i]!;
      const row = i * widthB;
      for (let j = 0; j < widthB; j++) products[row + j] = products[row + j]! + value * b[fromB + j]!;
    }
  }
  return products.reduce((sum, product) => sum + product ** 2, 0);
}

function byTexts(a: Float64Array, widthA: number, b: Float64Array, widthB: number, texts: number): number {
  const dot = (of: Float64Array, width: number, i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += of[i * width + k]! * of[j * width + k]!;
    return sum;
  };
  let sum = 0;
  for (let i = 0; i < texts; i++) {
    sum += dot(a, widthA, i, i) * dot(b, widthB, i, i);
    for (let j = 0; j < i; j++) sum += 2 * dot(a, widthA, i, j) * dot(b, widthB, i, j);
  }
  return sum;
}
