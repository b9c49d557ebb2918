import { expect, it } from 'vitest';
import { keyedSeed, randomStream } from './random-stream.js';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

it('gives the same numbers for the same key, and others for any other', () => {
  const numbers = (seed: number, trial: number, purpose: string): string =>
    draw(4, randomStream(seed, trial, purpose).uniform).join();
  expect(numbers(1, 7, 'random')).toBe(numbers(1, 7, 'random'));
  const keys: [number, number, string][] = [
    [1, 7, 'random'],
    [7, 1, 'random'],
    [1, 8, 'random'],
    [1, 7, 'tpe'],
    [17, 0, 'random'],
    // Seeds that differ above 32 bits are others too.
    [1 + 2 ** 32, 7, 'random'],
  ];
  expect(new Set(keys.map((key) => numbers(...key))).size).toBe(keys.length);
  expect(new Set(keys.map((key) => keyedSeed(...key))).size).toBe(keys.length);
});

it('has the moments of what it draws, over neighbouring trials', () => {
  // One number a trial: what a search sees. The bounds are four standard errors.
  const uniforms = draw(4000, () => 0).map((_, trial) => randomStream(3, trial, 'u').uniform());
  const normals = draw(4000, () => 0).map((_, trial) => randomStream(3, trial, 'n').normal());
  const mean = (xs: number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
  expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 4000));
  expect(Math.abs(mean(normals))).toBeLessThan(4 / Math.sqrt(4000));
  expect(Math.abs(mean(normals.map((x) => x * x)) - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
  expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniforms)).toBeLessThan(1);
});
