/**
 * The same points, the same initial centres, both until nothing moves: what scikit-learn gives
 * (tools/reference/kmeans_sklearn.py).
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { centresAt, inertiaOf, kmeans, silhouettes, type Method } from '../src/index.js';
import { blobPoints, spreadRows } from './points.js';

const fit = z.object({ inertia: z.number(), labels: z.string() });
const fixture = z
  .object({
    fits: z.array(z.object({ k: z.number(), float64: fit, float32: fit, silhouette: z.number() })),
    silhouettes: z.object({ thirds: z.number(), blobs: z.number(), singles: z.number() }),
  })
  .parse(JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/sklearn.json'), 'utf8')));

const points = blobPoints(3000, 24, 40, 7);
const methods: Method[] = ['ml-kmeans', 'fast'];

describe.each(fixture.fits)('K-means with k = $k', ({ k, float64, float32, silhouette }) => {
  it.each(methods)('by %s is that of scikit-learn', async (method) => {
    const initial = centresAt(points, spreadRows(k, 3000));
    const found = await kmeans(points, initial, { method, maxIterations: 1000 });
    expect(found.converged).toBe(true);
    expect(found.iterations).toBeGreaterThan(10);
    const inertia = inertiaOf(points, found);
    expect(Math.abs(inertia / float64.inertia - 1)).toBeLessThan(1e-9);
    expect(Math.abs(inertia / float32.inertia - 1)).toBeLessThan(1e-3);
    expect(Array.from(found.assignment, (cluster) => cluster.toString(36)).join('')).toBe(float64.labels);
    expect(silhouettes(points, [found.assignment])[0]).toBeCloseTo(silhouette, 7);
  });
});

it('silhouettes of several clusterings at once are those of scikit-learn', () => {
  const few = { size: 24, values: points.values.slice(0, 500 * 24) };
  const numbers = Int32Array.from({ length: 500 }, (_, i) => i);
  const found = silhouettes(few, [
    numbers.map((i) => i % 3),
    numbers.map((i) => i % 40),
    numbers.map((i) => (i < 5 ? i : 5 + (i % 2))),
  ]);
  const { thirds, blobs, singles } = fixture.silhouettes;
  [thirds, blobs, singles].forEach((expected, i) => expect(found[i]).toBeCloseTo(expected, 7));
});
