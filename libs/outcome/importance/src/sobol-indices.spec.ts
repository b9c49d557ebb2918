/** Sobol' indices against functions whose indices are known in closed form. */
import { expect, it } from 'vitest';
import { sobolIndices } from './index.js';

const POINTS = 8192;

it("of Ishigami's function (Ishigami and Homma 1990)", () => {
  const [a, b] = [7, 0.1];
  const f = (x: Float64Array): number => {
    const [u, v, w] = Array.from(x, (coordinate) => Math.PI * (2 * coordinate - 1));
    return Math.sin(u!) + a * Math.sin(v!) ** 2 + b * w! ** 4 * Math.sin(u!);
  };
  const pi4 = Math.PI ** 4;
  const alone = [0.5 * (1 + (b * pi4) / 5) ** 2, a ** 2 / 8, 0];
  const together = b ** 2 * pi4 ** 2 * (1 / 18 - 1 / 50); // of the first and the third
  const variance = alone[0]! + alone[1]! + together;
  const indices = sobolIndices(f, 3, POINTS, 1);
  expect(indices.variance / variance).toBeCloseTo(1, 1);
  const total = [alone[0]! + together, alone[1]!, together];
  for (let i = 0; i < 3; i++) {
    expect(Math.abs(indices.first[i]! - alone[i]! / variance), `first ${i}`).toBeLessThan(0.015);
    expect(Math.abs(indices.total[i]! - total[i]! / variance), `total ${i}`).toBeLessThan(0.015);
  }
});

it("of Sobol's g-function in ten dimensions", () => {
  const a = [0, 1, 4.5, 9, 9, 99, 99, 99, 99, 99];
  const f = (x: Float64Array): number =>
    x.reduce((product, one, i) => (product * (Math.abs(4 * one - 2) + a[i]!)) / (1 + a[i]!), 1);
  const parts = a.map((one) => 1 / (3 * (1 + one) ** 2));
  const variance = parts.reduce((product, part) => product * (1 + part), 1) - 1;
  const { first, total } = sobolIndices(f, 10, POINTS, 2);
  parts.forEach((part, i) => {
    expect(Math.abs(first[i]! - part / variance), `first ${i}`).toBeLessThan(0.015);
    const all = (part * (1 + variance)) / (1 + part);
    expect(Math.abs(total[i]! - all / variance), `total ${i}`).toBeLessThan(0.015);
  });
});

it('a coordinate that is not looked at has shares of exactly 0, and a constant has none to give', () => {
  const { first, total } = sobolIndices((x) => x[0]! + 3 * x[2]!, 3, 64, 1);
  expect([first[1], total[1]]).toEqual([0, 0]);
  expect(total[2]! / total[0]!).toBeCloseTo(9, 0);
  expect(sobolIndices(() => 4, 2, 64, 1)).toEqual({
    variance: 0,
    first: new Float64Array(2),
    total: new Float64Array(2),
  });
});
