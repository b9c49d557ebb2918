/** What holds of every cut by clusters, whatever the points; and what the ways of fitting and choosing do. */
import type { Embeddings, Vectors } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddingsOf, taskOf } from '../test/tasks.js';
import { clusterShift, type ClusterShift, type ClusterShiftOptions } from './cluster-shift.js';
import { sizesOf } from './clustering.js';
import { fittedPoints, FITS } from './divide.js';
import { INITIALIZATIONS } from './initial-centres.js';
import { kmeans, METHODS } from './kmeans.js';
import { assignExactly } from './nearest.js';
import type { Points } from './points.js';

const options: ClusterShiftOptions = {
  k: 2,
  seed: 1,
  method: 'auto',
  initialization: 'kmeans++',
  starts: 2,
  maxIterations: 300,
  fit: 'train',
  chosen: { original: [0], shifted: [1] },
};
const task = taskOf(300, 90);
const embeddings = embeddingsOf(task, 6, 12, 1);

/** The mean of the rows of one cluster, each column summed by itself. */
function meanOf({ size, values }: Points, assignment: Int32Array, cluster: number): number[] {
  const rows = [...assignment.keys()].filter((row) => assignment[row] === cluster);
  const column = (j: number): number => rows.reduce((sum, row) => sum + values[row * size + j]!, 0);
  return Array.from({ length: size }, (_, j) => column(j) / rows.length);
}

function expectMeans(
  points: Points,
  { centres, assignment }: { centres: Float64Array; assignment: Int32Array },
) {
  for (let cluster = 0; cluster * points.size < centres.length; cluster++) {
    if (!assignment.includes(cluster)) continue;
    const centre = centres.subarray(cluster * points.size, (cluster + 1) * points.size);
    meanOf(points, assignment, cluster).forEach((mean, j) => expect(centre[j]).toBeCloseTo(mean, 9));
  }
}

describe('every cut by clusters', () => {
  it('has each row once: in a part, or in a cluster that is left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          k: fc.integer({ min: 2, max: 9 }),
          seed: fc.integer({ min: 0, max: 2 ** 31 }),
          method: fc.constantFrom(...METHODS),
          initialization: fc.constantFrom(...INITIALIZATIONS),
          starts: fc.integer({ min: 1, max: 3 }),
          maxIterations: fc.integer({ min: 1, max: 30 }),
          fit: fc.constantFrom(...FITS),
          rows: fc.integer({ min: 9, max: 60 }),
          devRows: fc.integer({ min: 9, max: 30 }),
          taken: fc.integer({ min: 1, max: 8 }),
        }),
        async ({ rows, devRows, taken, ...drawn }) => {
          const some = taskOf(rows, devRows);
          const points = embeddingsOf(some, 3, 5, drawn.seed);
          const count = Math.min(taken, drawn.k - 1);
          const chosen = { original: Array.from({ length: count }, (_, i) => i), shifted: [drawn.k - 1] };
          const { pair, division } = await clusterShift(some, points, { ...drawn, chosen });
          for (const split of ['train', 'dev'] as const) {
            const clusters = division[split];
            expect(clusters).toHaveLength(some[split].text.length);
            expect(clusters.every((cluster) => cluster >= 0 && cluster < drawn.k)).toBe(true);
            const sizes = sizesOf(clusters, drawn.k);
            const { original, shifted } = pair.rows;
            const left = sizes.slice(count, drawn.k - 1).reduce((sum, size) => sum + size, 0);
            expect(original[split].length + shifted[split].length + left).toBe(clusters.length);
            expect(original[split].every((row) => (clusters[row] ?? 99) < count)).toBe(true);
            expect(shifted[split].every((row) => clusters[row] === drawn.k - 1)).toBe(true);
            expect(pair.original[split].text).toEqual(
              Array.from(original[split], (row) => some[split].text[row]),
            );
          }
          for (const { on, clustering } of division.fits)
            expectMeans(on === 'both' ? fittedPoints(points, 'both') : points[on], clustering);
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  it('does not depend on the method or the threads', async () => {
    const results: ClusterShift[] = [];
    for (const method of METHODS)
      results.push(await clusterShift(task, embeddings, { ...options, k: 5, method }));
    results.push(await clusterShift(task, embeddings, { ...options, k: 5, method: 'fast', threads: 1 }));
    for (const result of results) expect(result).toEqual(results[0]);
    expect(await clusterShift(task, embeddings, { ...options, k: 5, seed: 2 })).not.toEqual(results[0]);
  });

  it('tells how far it is', async () => {
    const lines: string[] = [];
    await clusterShift(task, embeddings, { ...options, progress: (line) => lines.push(line) });
    expect(lines[0]).toBe('K-means, k = 2, of 300 train rows of rivers by ml-kmeans, from 2 starts');
    expect(lines.at(-1)).toBe('silhouettes for k = 2, 3, 4, 5, 6, 7, 8');
  });
});

describe('clusters', () => {
  it('are numbered by size, the largest first', async () => {
    const { division } = await clusterShift(task, embeddings, { ...options, k: 7 });
    const sizes = [...sizesOf(division.train, 7)];
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('of one size are numbered by their first rows', async () => {
    const two = taskOf(4, 2);
    const vectors = (split: 'train' | 'dev', values: number[]): Vectors => {
      return { index: two[split].index, size: 1, values: Float32Array.from(values) };
    };
    const points: Embeddings = {
      ...embeddingsOf(two, 1, 1, 1),
      train: vectors('train', [9, 1, 8, 2]),
      dev: vectors('dev', [0, 7]),
    };
    for (let seed = 0; seed < 6; seed++) {
      const { division } = await clusterShift(two, points, { ...options, seed });
      expect([...division.train]).toEqual([0, 1, 0, 1]);
      expect([...division.dev]).toEqual([1, 0]);
    }
  });

  it('several can make a part', async () => {
    const chosen = { original: [0, 3], shifted: [2] };
    const { pair, division } = await clusterShift(task, embeddings, { ...options, k: 4, chosen });
    expect(pair.original.name).toBe('rivers (clusters 0, 3)');
    expect(pair.shifted.name).toBe('rivers (cluster 2)');
    const sizes = sizesOf(division.train, 4);
    expect(pair.original.train.text).toHaveLength(sizes[0]! + sizes[3]!);
    expect(pair.shifted.train.text).toHaveLength(sizes[2]!);
  });
});

describe('the fit', () => {
  const nearestOf = (points: Points, centres: Float64Array): Int32Array => {
    const assignment = new Int32Array(points.values.length / points.size);
    assignExactly(points, centres, assignment);
    return assignment;
  };

  it('on train does not see dev, which goes to the nearest centres', async () => {
    const { division } = await clusterShift(task, embeddings, { ...options, k: 3 });
    const [only] = division.fits;
    expect(division.fits).toHaveLength(1);
    expect(division.dev).toEqual(nearestOf(embeddings.dev, only!.clustering.centres));
    const moved = {
      ...embeddings,
      dev: { ...embeddings.dev, values: embeddings.dev.values.map((x) => x + 5) },
    };
    const other = await clusterShift(task, moved, { ...options, k: 3 });
    expect(other.division.train).toEqual(division.train);
    expect(other.division.dev).not.toEqual(division.dev);
  });

  it('on each split is, for dev, K-means from the centres of train on, so that the numbers mean the same', async () => {
    const { division } = await clusterShift(task, embeddings, { ...options, k: 7, fit: 'each' });
    expect(division.fits.map(({ on }) => on)).toEqual(['train', 'dev']);
    const [train, dev] = division.fits.map(({ clustering }) => clustering);
    const own = await kmeans(embeddings.dev, train!.centres, options);
    expect(own.iterations).toBeGreaterThan(2);
    expect(dev).toEqual(own);
    expect(division.dev).toEqual(own.assignment);
    const trainAlone = await clusterShift(task, embeddings, { ...options, k: 7 });
    expect(division.train).toEqual(trainAlone.division.train);
    expect(division.dev).not.toEqual(trainAlone.division.dev);
  });

  it('on both is K-means of all rows', async () => {
    const { division } = await clusterShift(task, embeddings, { ...options, k: 3, fit: 'both' });
    const all = fittedPoints(embeddings, 'both');
    const { clustering } = division.fits[0]!;
    expect([...division.train, ...division.dev]).toEqual([...nearestOf(all, clustering.centres)]);
  });
});

describe('silhouettes', () => {
  it('are largest at the number of groups that there are', async () => {
    const four = embeddingsOf(task, 6, 4, 3);
    // Row i lies around middle i mod 4; the middles are moved apart along the first number.
    const values = four.train.values.map((x, i) => (i % 6 === 0 ? x + 20 * ((i / 6) % 4) : x));
    const { curve } = await clusterShift(task, { ...four, train: { ...four.train, values } }, options);
    expect([...curve.k]).toEqual([2, 3, 4, 5, 6, 7, 8]);
    const scores = curve.silhouette.map((score) => score ?? -1);
    expect(scores.indexOf(Math.max(...scores))).toBe(2);
    expect(Math.max(...scores)).toBeGreaterThan(0.8);
  });

  it('end where there are no more different vectors', async () => {
    const values = embeddings.train.values.map((_, i) => Math.floor(i / 6) % 3);
    const three = { ...embeddings, train: { ...embeddings.train, values } };
    const { curve } = await clusterShift(task, three, options);
    expect([...curve.k]).toEqual([2, 3]);
    expect(curve.silhouette[1]).toBe(1);
    expect(curve.inertia[1]).toBe(0);
  });
});

describe('K-means refuses', () => {
  const refused = (change: Partial<ClusterShiftOptions>, of = embeddings) =>
    expect(clusterShift(task, of, { ...options, ...change })).rejects;

  it('more clusters than rows', async () => {
    await refused({ k: 301 }).toThrow(
      new InputError('301 clusters cannot be made of the 300 train rows of rivers; lower --k'),
    );
    await refused({ k: 91, fit: 'each' }).toThrow(
      /91 clusters .* 90 dev rows of rivers; lower --k, or fit on train/,
    );
    await refused({ k: 391, fit: 'both' }).toThrow(/391 clusters .* 390 train and dev rows of rivers/);
  });

  it('more clusters than different vectors', async () => {
    const values = embeddings.train.values.map((_, i) => Math.floor(i / 6) % 3);
    const three = { ...embeddings, train: { ...embeddings.train, values } };
    for (const initialization of INITIALIZATIONS)
      await refused({ k: 4, initialization }, three).toThrow(
        new InputError(
          '4 clusters cannot be made of the 300 train rows of rivers, which have only 3 different vectors; lower --k',
        ),
      );
  });
});
