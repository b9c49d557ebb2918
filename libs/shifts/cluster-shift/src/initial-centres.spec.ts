import { describe, expect, it } from 'vitest';
import { blobPoints } from '../test/points.js';
import { INITIALIZATIONS, initialRows, shuffledRows } from './initial-centres.js';

const points = blobPoints(200, 3, 10, 4);

describe.each(INITIALIZATIONS)('initial rows by %s', (initialization) => {
  const draw = (k: number, seed: number): number[] => [...initialRows(points, k, initialization, seed)];

  it('are different rows, the same for the same seed and others for another', () => {
    const rows = draw(20, 1);
    expect(new Set(rows).size).toBe(20);
    expect(rows.every((row) => row >= 0 && row < 200)).toBe(true);
    expect(draw(20, 1)).toEqual(rows);
    expect(draw(20, 2)).not.toEqual(rows);
  });

  it('begin with the draw of a smaller k', () => {
    expect(draw(9, 5).slice(0, 4)).toEqual(draw(4, 5));
  });

  it('never hold one vector twice, and are fewer where there are not enough', () => {
    const three = { size: 2, values: Float32Array.of(1, 2, 1, 2, 3, 4, 1, 2, 5, 6, 3, 4) };
    for (let seed = 0; seed < 50; seed++) {
      const rows = initialRows(three, 5, initialization, seed);
      expect([...rows].map((row) => three.values[2 * row]).sort()).toEqual([1, 3, 5]);
    }
  });
});

it('kmeans++ draws the second row in proportion to the squared distance from the first', () => {
  const line = { size: 1, values: Float32Array.of(0, 1, 2, 4) };
  const drawn = Array.from({ length: 20_000 }, (_, seed) => [...initialRows(line, 2, 'kmeans++', seed)]);
  const fromZero = drawn.filter(([first]) => first === 0).map(([, second]) => second);
  expect(fromZero.length / drawn.length).toBeCloseTo(1 / 4, 1);
  // 1 : 4 : 16; three standard deviations of 5,000 draws are 0.02
  [1, 4, 16].forEach((weight, i) => {
    const share = fromZero.filter((second) => second === i + 1).length / fromZero.length;
    expect(Math.abs(share - weight / 21)).toBeLessThan(0.02);
  });
});

it('random draws every row as often', () => {
  const counts = new Int32Array(10);
  for (let seed = 0; seed < 5000; seed++) {
    const [row = 0] = shuffledRows(10, seed);
    counts[row] = counts[row]! + 1;
  }
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(90);
  expect([...shuffledRows(10, 3)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
