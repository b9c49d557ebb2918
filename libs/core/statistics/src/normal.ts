/** Normal draws out of even ones, by Box and Muller (1958). */

/**
 * Two independent numbers with mean 0.
 *
 * @param uniform the next number, even over [0, 1); called twice
 * @param deviation the standard deviation of both
 */
export function normalPair(uniform: () => number, deviation = 1): [number, number] {
  // 1 - u lies in (0, 1], so that the logarithm is finite.
  const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform()));
  const angle = 2 * Math.PI * uniform();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
