/** Relative errors of arrays: ‖found − expected‖ / ‖expected‖. */

/** Below this norm an expected tensor is rounding alone and is not compared by itself. */
export const NEGLIGIBLE_NORM = 1e-6;

/** √Σx². */
export function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}

/** The error of one array. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  return new RelativeError().add(found, expected).overall();
}

/** Sums errors over several tensors, and keeps the worst. */
export class RelativeError {
  private difference = 0;
  private norm = 0;
  private largest = 0;

  add(found: Float32Array, expected: Float32Array): this {
    if (found.length !== expected.length) {
      throw new RangeError(`${found.length} numbers compared with ${expected.length}`);
    }
    let [difference, norm] = [0, 0];
    expected.forEach((value, place) => {
      difference += (found[place]! - value) ** 2;
      norm += value ** 2;
    });
    this.difference += difference;
    this.norm += norm;
    if (Math.sqrt(norm) > NEGLIGIBLE_NORM)
      this.largest = Math.max(this.largest, Math.sqrt(difference / norm));
    // A NaN must not vanish in the maximum.
    if (Number.isNaN(difference)) this.largest = Number.NaN;
    return this;
  }

  overall(): number {
    return Math.sqrt(this.difference / this.norm);
  }

  worst(): number {
    return this.largest;
  }
}
