/**
 * What the process says of each observation without having seen it: the honest measure of whether it predicts
 * anything (Rasmussen and Williams 2006, eq. 5.12, from one factor for all of them).
 *
 *     μ_i = y_i − [K⁻¹(y − m)]_i / [K⁻¹]_ii        K with the noise on its diagonal
 */
import { solveLower } from '../covariance/cholesky.js';
import type { Posterior } from './posterior.js';

/**
 * @param values y [n], as `condition` was given them; the mean m stays that of all of them
 * @returns [n]
 */
export function leaveOneOutMeans({ factor, alpha, inputs }: Posterior, values: Float64Array): Float64Array {
  const { n } = inputs;
  return values.map((value, row) => {
    // Column `row` of L⁻¹: its squares sum to [K⁻¹] of that row and column.
    const column = new Float64Array(n);
    column[row] = 1;
    solveLower(factor, n, column);
    const precision = column.reduce((sum, one) => sum + one * one, 0);
    return value - alpha[row]! / precision;
  });
}
