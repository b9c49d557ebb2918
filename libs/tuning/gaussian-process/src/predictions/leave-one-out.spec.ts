/** Leaving one out by one factor, against leaving it out indeed. */
import { expect, it } from 'vitest';
import { condition, leaveOneOutMeans, predict, type Hyperparameters } from '../index.js';

it('is what the process says of each row when that row is taken away', () => {
  const x = [0.1, 0.25, 0.4, 0.8, 0.95];
  const values = Float64Array.of(1, 0.2, -0.7, 0.4, 1.5);
  const parameters: Hyperparameters = {
    lengthscales: Float64Array.of(0.3),
    signalVariance: 1.2,
    noiseVariance: 0.1,
    error: null,
  };
  const inputsOf = (places: readonly number[]) => ({
    d: 1,
    n: places.length,
    x: Float64Array.from(places),
    z: new Float64Array(places.length).fill(1),
  });
  const posterior = condition(parameters, inputsOf(x), values)!;
  const means = leaveOneOutMeans(posterior, values);
  x.forEach((place, left) => {
    const others = condition(
      ...([
        parameters,
        inputsOf(x.filter((_, i) => i !== left)),
        values.filter((_, i) => i !== left),
      ] as const),
      posterior.mean,
    )!;
    expect(means[left]).toBeCloseTo(predict(others, Float64Array.of(place)).mean, 10);
  });
});
