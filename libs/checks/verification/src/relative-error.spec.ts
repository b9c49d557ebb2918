import { describe, expect, it } from 'vitest';
import { NEGLIGIBLE_NORM, norm, RelativeError, relativeError } from './relative-error.js';

describe('relative error', () => {
  it('is ‖found − expected‖ / ‖expected‖', () => {
    expect(relativeError(Float32Array.of(3, 4), Float32Array.of(3, 4))).toBe(0);
    expect(relativeError(Float32Array.of(3, 5), Float32Array.of(3, 4))).toBeCloseTo(1 / 5, 12);
    expect(relativeError(Float32Array.of(0, 0), Float32Array.of(3, 4))).toBe(1);
    expect(norm(Float32Array.of(3, 4))).toBe(5);
  });

  it('is taken over all tensors together, and of the worst', () => {
    const errors = new RelativeError()
      .add(Float32Array.of(3, 5), Float32Array.of(3, 4))
      .add(Float32Array.of(12), Float32Array.of(10));
    expect(errors.overall()).toBeCloseTo(Math.sqrt((1 + 4) / (25 + 100)), 12);
    expect(errors.worst()).toBeCloseTo(0.2, 6);
  });

  it('does not compare by itself what is rounding alone', () => {
    const errors = new RelativeError().add(
      Float32Array.of(NEGLIGIBLE_NORM),
      Float32Array.of(NEGLIGIBLE_NORM / 2),
    );
    expect(errors.worst()).toBe(0);
  });

  it('keeps a NaN, and refuses arrays of different lengths', () => {
    const errors = new RelativeError().add(Float32Array.of(NaN), Float32Array.of(1));
    expect(errors.overall()).toBeNaN();
    expect(errors.worst()).toBeNaN();
    errors.add(Float32Array.of(1), Float32Array.of(1));
    expect(errors.worst()).toBeNaN();
    expect(() => relativeError(Float32Array.of(1), Float32Array.of(1, 2))).toThrow(RangeError);
  });
});
