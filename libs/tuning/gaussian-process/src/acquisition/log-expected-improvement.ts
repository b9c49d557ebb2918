/**
 * log EI: the logarithm of the improvement over a best value that is expected of a normal prediction, safe
 * where EI itself is 0 in floating point (Ament et al. 2023).
 *
 *     EI = σ·h(u),   u = (μ − best)/σ,   h(u) = φ(u) + u·Φ(u)
 *
 * For u far below 0, h = φ(u)·(1 − |u|·R(|u|)) with Mills' ratio R(t) = (1 − Φ(t))/φ(t), whose asymptotic
 * series takes over where the difference would cancel.
 */

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** log h(u). */
export function logH(u: number): number {
  if (u > -1) return Math.log(Math.exp(-0.5 * u * u - LOG_SQRT_2PI) + u * normalCdf(u));
  return -0.5 * u * u - LOG_SQRT_2PI + Math.log(oneMinusTimesMills(-u));
}

/** d log h/du = Φ(u)/h(u). */
export function logHSlope(u: number): number {
  if (u > -1) return normalCdf(u) / (Math.exp(-0.5 * u * u - LOG_SQRT_2PI) + u * normalCdf(u));
  return mills(-u) / oneMinusTimesMills(-u);
}

/** F of R(t) = 1/(t + F), t ≥ 0: a continued fraction (Abramowitz and Stegun 26.2.14), 1e-13 for t ≥ 1. */
function restOfMills(t: number): number {
  let fraction = t;
  const terms = Math.ceil(20 + 300 / (t * t + 0.5));
  for (let k = terms; k >= 2; k--) fraction = t + k / fraction;
  return 1 / fraction;
}

/** Mills' ratio R(t). */
function mills(t: number): number {
  return 1 / (t + restOfMills(t));
}

/** 1 − t·R(t), without the cancellation. */
function oneMinusTimesMills(t: number): number {
  const rest = restOfMills(t);
  return rest / (t + rest);
}

/** Φ(u), to 1e-15 relative to the larger tail: a series near 0, Mills' ratio beyond. */
function normalCdf(u: number): number {
  if (u < -1) return Math.exp(-0.5 * u * u - LOG_SQRT_2PI) * mills(-u);
  if (u > 1) return 1 - Math.exp(-0.5 * u * u - LOG_SQRT_2PI) * mills(u);
  // Φ(u) = ½ + φ(u)·Σ u^(2k+1)/(1·3·5…(2k+1))
  let term = u;
  let sum = u;
  for (let k = 1; k < 40; k++) {
    term *= (u * u) / (2 * k + 1);
    sum += term;
    if (Math.abs(term) < 1e-17) break;
  }
  return 0.5 + Math.exp(-0.5 * u * u - LOG_SQRT_2PI) * sum;
}
