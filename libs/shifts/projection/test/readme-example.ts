import { project } from '../src/index.js';

export async function example(): Promise<string[]> {
  // Two groups of ten vectors, far apart along the first of three numbers.
  const values = Float32Array.from({ length: 60 }, (_, i) => {
    const row = Math.floor(i / 3);
    return i % 3 === 0 ? (row < 10 ? -5 : 5) : Math.sin(row * i);
  });
  const options = { seed: 1, perplexity: 4, neighbours: 4 };
  const watcher = { progress: () => undefined, signal: new AbortController().signal };
  const points = await project('pca', { rows: 20, size: 3, values }, options, watcher); // [20, 2]
  const sides = Array.from({ length: 20 }, (_, row) => (points[2 * row]! < 0 ? '-' : '+'));
  return [sides.join('')];
}
