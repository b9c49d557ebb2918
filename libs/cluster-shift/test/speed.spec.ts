/** As many vectors as SST-2 has training sentences, of MiniLM's size, cluster in 20 s and 500 MB: alone, on 2 cores, about 2 s and 5 s. */
import { expect, it } from 'vitest';
import { centresAt, initialRows, kmeans } from '../src/index.js';
import { blobPoints } from './points.js';

const points = blobPoints(67_349, 384, 200, 1);

it.each([2, 32])('67,349 × 384 in %i clusters', async (k) => {
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const initial = centresAt(points, initialRows(points, k, 'kmeans++', 1));
  const { converged, iterations } = await kmeans(points, initial, {
    method: 'auto',
    maxIterations: 300,
    threads: 2,
  });
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024 - before / 2 ** 20;
  console.log(`k = ${k}: ${iterations} iterations, ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB more`);
  expect(converged).toBe(true);
  expect(seconds).toBeLessThan(20);
  expect(megabytes).toBeLessThan(500);
});
