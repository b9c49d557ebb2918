/**
 * Brings values closer to a normal distribution, so that a few huge ones do not hide what distinguishes the
 * good ones (Cowen-Rivers et al. 2022): the transformation of Yeo and Johnson (2000), its power λ the most
 * likely one.
 *
 *     t(y) = ((y + 1)^λ − 1)/λ for y ≥ 0,   −((1 − y)^(2−λ) − 1)/(2 − λ) for y < 0        with logarithms at λ = 0 and 2
 */

/** t(y). */
export function yeoJohnson(y: number, lambda: number): number {
  if (y >= 0) return Math.abs(lambda) < 1e-8 ? Math.log1p(y) : Math.expm1(lambda * Math.log1p(y)) / lambda;
  const other = 2 - lambda;
  return Math.abs(other) < 1e-8 ? -Math.log1p(-y) : -Math.expm1(other * Math.log1p(-y)) / other;
}

/** The most likely λ in [low, high] for values [n], by golden section; 1 for fewer than 3 values. */
export function fitPower(values: Float64Array, low = -2, high = 4): number {
  if (values.length < 3) return 1;
  const objective = (lambda: number): number => -logLikelihood(values, lambda);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [atC, atD] = [objective(c), objective(d)];
  while (b - a > 1e-4) {
    if (atC < atD) {
      [b, d, atD] = [d, c, atC];
      c = b - golden * (b - a);
      atC = objective(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + golden * (b - a);
      atD = objective(d);
    }
  }
  return (a + b) / 2;
}

/** Of a normal distribution for t(y), with its best mean and variance. */
function logLikelihood(values: Float64Array, lambda: number): number {
  const n = values.length;
  let sum = 0;
  let squares = 0;
  let jacobian = 0;
  for (const y of values) {
    const t = yeoJohnson(y, lambda);
    sum += t;
    squares += t * t;
    jacobian += Math.sign(y) * Math.log1p(Math.abs(y));
  }
  const variance = squares / n - (sum / n) ** 2;
  if (!(variance > 0)) return -Infinity;
  return -0.5 * n * Math.log(variance) + (lambda - 1) * jacobian;
}

/** (y − mean)/deviation [n], with mean 0 and variance 1; values that are all equal become 0. */
export function standardise(values: Float64Array): { values: Float64Array; mean: number; deviation: number } {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / n;
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  return { values: values.map((value) => (value - mean) / deviation), mean, deviation };
}
