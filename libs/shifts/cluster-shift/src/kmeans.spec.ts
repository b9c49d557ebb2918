/**
 * Both ways of K-means give the same bits, also where float32 alone would decide wrongly, on any number of
 * threads.
 */
import { describe, expect, it } from 'vitest';
import { blobPoints, spreadRows, uniforms } from '../test/points.js';
import { inertiaOf, sizesOf } from './clustering.js';
import { kmeans, methodFor, type KmeansOptions } from './kmeans.js';
import { centresAt, type Points } from './points.js';

async function bothWays(points: Points, initial: Float64Array) {
  const options = { maxIterations: 1000 };
  const peer = await kmeans(points, initial, { ...options, method: 'ml-kmeans' });
  for (const threads of [1, 2])
    expect(await kmeans(points, initial, { ...options, method: 'fast', threads })).toEqual(peer);
  return peer;
}

const mapped = ({ size, values }: Points, change: (value: number, i: number) => number): Points => ({
  size,
  values: values.map(change),
});

describe('ml-kmeans and the fast way', () => {
  // More rows than a block of the engine's.
  const blobs = blobPoints(9000, 16, 40, 3);

  it.each([2, 32])('agree in every bit for k = %i', async (k) => {
    const found = await bothWays(blobs, centresAt(blobs, spreadRows(k, 9000)));
    expect(found.converged).toBe(true);
    expect(found.iterations).toBeGreaterThan(20);
  });

  it('agree far from the origin, where float32 sees few differences', async () => {
    const far = mapped(blobs, (value) => value + 3000);
    await bothWays(far, centresAt(far, spreadRows(8, 9000)));
  });

  it('agree on a grid, where many rows lie midway between centres', async () => {
    const next = uniforms(5);
    const grid = mapped({ size: 6, values: new Float32Array(6 * 900) }, () => Math.floor(3 * next()) + 100);
    await bothWays(grid, centresAt(grid, spreadRows(12, 900)));
  });

  it.each([1e-22, 1e-30, 1e22, 1e30])(
    'agree on numbers around %f, whose products float32 cannot hold',
    async (scale) => {
      const few = mapped({ size: 16, values: blobs.values.slice(0, 16 * 400) }, (value) => value * scale);
      const found = await bothWays(few, centresAt(few, spreadRows(4, 400)));
      expect(found.iterations).toBeGreaterThan(3);
    },
  );

  it('leave an empty cluster where it is', async () => {
    const points = blobPoints(300, 4, 3, 1);
    const initial = centresAt(points, spreadRows(3, 300));
    initial.fill(1e6, 4, 8);
    const found = await bothWays(points, initial);
    expect(sizesOf(found.assignment, 3)[1]).toBe(0);
    expect([...found.centres.subarray(4, 8)]).toEqual([1e6, 1e6, 1e6, 1e6]);
    expect(found.converged).toBe(true);
  });
});

describe('K-means', () => {
  const points = blobPoints(600, 5, 20, 2);
  const initial = centresAt(points, spreadRows(6, 600));
  const run = (options: Partial<KmeansOptions>) =>
    kmeans(points, initial, { method: 'ml-kmeans', maxIterations: 1000, ...options });

  it('finds the two groups that anyone sees', async () => {
    const groups = { size: 1, values: Float32Array.of(0, 1, 2, 10, 11, 12) };
    const found = await kmeans(groups, Float64Array.of(0, 1), { method: 'fast', maxIterations: 20 });
    expect([...found.assignment]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...found.centres]).toEqual([1, 11]);
    expect(inertiaOf(groups, found)).toBe(4);
  });

  it.each(['ml-kmeans', 'fast'] as const)('by %s says that it stopped early', async (method) => {
    const found = await run({ method, maxIterations: 2 });
    expect(found).toMatchObject({ converged: false, iterations: 2 });
  });

  it.each(['ml-kmeans', 'fast'] as const)('by %s heeds a signal between iterations', async (method) => {
    const stop = new AbortController();
    const seen: number[] = [];
    const onIteration = (iteration: number): void => {
      seen.push(iteration);
      if (iteration === 3) stop.abort(new Error('enough'));
    };
    await expect(run({ method, signal: stop.signal, onIteration })).rejects.toThrow('enough');
    expect(seen).toEqual([1, 2, 3]);
  });

  it('leaves its initial centres as they were', async () => {
    const before = initial.slice();
    await run({ method: 'fast' });
    await run({});
    expect(initial).toEqual(before);
  });

  it('is ml-kmeans where little is to be done', () => {
    expect(methodFor('auto', points, 2)).toBe('ml-kmeans');
    expect(methodFor('auto', { size: 384, values: new Float32Array(384 * 10_000) }, 2)).toBe('fast');
    expect(methodFor('ml-kmeans', { size: 384, values: new Float32Array(384 * 10_000) }, 2)).toBe(
      'ml-kmeans',
    );
    expect(methodFor('fast', points, 2)).toBe('fast');
  });
});
