/** Every projector against scikit-learn's pictures of the same vectors; seeds, scale, aborts and refusals. */
import { InputError } from '@layerwise/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  affinitiesOf,
  bestPicture,
  divergenceOf,
  principalComponents,
  project,
  PROJECTORS,
  type ProjectorName,
} from '../src/index.js';
import { options, quiet, reference, vectors } from './clusters.js';
import { divergence, purity, trustworthiness } from './quality.js';

const k = reference.neighbours;
const scaledBy = (factor: number) => ({ ...small, values: small.values.map((value) => value * factor) });
/** Few rows and steps, for what is true of any picture. */
const few = (rows: number) => ({ ...vectors, rows, values: vectors.values.subarray(0, rows * vectors.size) });
const small = few(60);
const short = { ...options, perplexity: 10, iterations: 120 };
const bits = (points: Float64Array) => Buffer.from(points.buffer, points.byteOffset, points.byteLength);

afterEach(() => vi.restoreAllMocks());

it('measures pictures as scikit-learn does', () => {
  const none = vectors.values;
  const reversed = Float64Array.from({ length: 2 * vectors.rows }, (_, i) => {
    const row = vectors.rows - 1 - Math.floor(i / 2);
    return none[row * vectors.size + (i % 2)]!;
  });
  for (const [points, expected] of [
    [reference.pca.points, reference.quality.pca[0]!],
    [reversed, reference.quality.none[0]!],
  ] as const) {
    expect(trustworthiness(vectors, points, k)).toBeCloseTo(expected.trustworthiness, 10);
    expect(purity(points, reference.cluster, k)).toBeCloseTo(expected.purity, 10);
  }
});

describe('the best of several starts', () => {
  it.each([5, 15])('is measured by the divergence, at perplexity %i', async (perplexity) => {
    const points = await project('druid', small, { ...short, perplexity }, quiet);
    const ours = divergenceOf(affinitiesOf(small, perplexity), points);
    expect(ours).toBeCloseTo(divergence(small, points, perplexity), 9);
  });

  it('is the picture with the least, and the first is the seed’s own', async () => {
    const { points, divergences } = await bestPicture('druid', small, { ...short, starts: 4 }, quiet);
    const own = await bestPicture('druid', small, { ...short, starts: 1 }, quiet);
    expect(own.points).toEqual(await project('druid', small, short, quiet));
    expect(own.divergences).toEqual([]);
    expect(new Set(divergences).size).toBe(4);
    expect(divergences[0]).toBeCloseTo(divergence(small, own.points, short.perplexity), 9);
    expect(divergence(small, points, short.perplexity)).toBeCloseTo(Math.min(...divergences), 9);
  });

  it.each(['pca', 'umap'] as const)('of %s is one', async (name) => {
    const { points, divergences } = await bestPicture(name, small, { ...short, starts: 3 }, quiet);
    expect(points).toEqual(await project(name, small, short, quiet));
    expect(divergences).toEqual([]);
  });
});

describe('the picture', () => {
  it("of pca is scikit-learn's, signs included", async () => {
    const { points, explained } = await principalComponents(vectors, quiet);
    points.forEach((value, i) => expect(value).toBeCloseTo(reference.pca.points[i]!, 8));
    explained.forEach((value, i) => expect(value).toBeCloseTo(reference.pca.explained[i]!, 10));
    expect(await project('pca', vectors, options, quiet)).toEqual(points);
  });

  const worst = (of: (typeof reference.quality)['tsne']) => ({
    trustworthiness: Math.min(...of.map(({ trustworthiness }) => trustworthiness)),
    purity: Math.min(...of.map(({ purity }) => purity)),
  });

  it.each(['druid', 'tsne-js'] as const)("of %s is as good as scikit-learn's t-SNE", async (name) => {
    const lines: string[] = [];
    const watcher = { ...quiet, progress: (line: string) => lines.push(line) };
    const points = await project(name, vectors, options, watcher);
    const expected = worst(reference.quality.tsne);
    expect(trustworthiness(vectors, points, k)).toBeGreaterThan(expected.trustworthiness - 0.005);
    expect(purity(points, reference.cluster, k)).toBeGreaterThan(expected.purity - 0.005);
    for (const line of lines) expect(line).toMatch(/^t-SNE, step: \d+ of 1000, \d+ s left$/);
  });

  it('of umap keeps neighbours better than two principal components do', async () => {
    const points = await project('umap', vectors, options, quiet);
    const [pca] = reference.quality.pca;
    expect(trustworthiness(vectors, points, k)).toBeGreaterThan(pca!.trustworthiness);
    expect(purity(points, reference.cluster, k)).toBeGreaterThan(pca!.purity + 0.03);
  });

  it("of druid diverges no more than scikit-learn's at the same perplexity, and more at another one", async () => {
    const pictures = new Map<number, Float64Array>();
    for (const perplexity of [5, 15, 50])
      pictures.set(perplexity, await project('druid', vectors, { ...options, perplexity }, quiet));
    for (const [perplexity, points] of pictures) {
      const ours = divergence(vectors, points, perplexity);
      expect(ours).toBeLessThan(Math.max(...reference.divergence[String(perplexity)]!) * 1.05);
      for (const [other, otherPoints] of pictures)
        if (other !== perplexity) expect(divergence(vectors, otherPoints, perplexity)).toBeGreaterThan(ours);
    }
  });
});

describe('seeds', () => {
  it.each(PROJECTORS)('%s: the same seed gives the same bits, another one another picture', async (name) => {
    const globalRandom = vi.spyOn(Math, 'random');
    const first = bits(await project(name, small, short, quiet));
    const again = bits(await project(name, small, short, quiet));
    const other = bits(await project(name, small, { ...short, seed: 2 }, quiet));
    expect(again.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(name === 'pca');
    expect(globalRandom).not.toHaveBeenCalled();
  });

  it('two pictures at once are as each alone', async () => {
    const draw = (name: ProjectorName, seed: number) => project(name, small, { ...short, seed }, quiet);
    for (const name of ['druid', 'umap'] as const) {
      const together = await Promise.all([draw(name, 1), draw(name, 2)]);
      expect(together).toEqual([await draw(name, 1), await draw(name, 2)]);
    }
  });
});

it.each(['druid', 'tsne-js'] as const)('%s does not see the scale of the vectors', async (name) => {
  const points = await project(name, small, short, quiet);
  expect(await project(name, scaledBy(2 ** 50), short, quiet)).toEqual(points);
  expect(await project(name, scaledBy(2 ** -50), short, quiet)).toEqual(points);
});

it('finds the direction of largest variance where an axis is at right angles to it', async () => {
  // Axis 0 alone has more variance than axis 1 or 2 alone, but those two go together.
  const values = Float32Array.from({ length: 300 }, (_, i) => {
    const [row, axis] = [Math.floor(i / 3), i % 3];
    return axis === 0 ? 1.2 * Math.sign((row % 4) - 1.5) : row % 2 === 0 ? 1 : -1;
  });
  const { points } = await principalComponents({ rows: 100, size: 3, values }, quiet);
  expect(Math.abs(points[0]!)).toBeCloseTo(Math.SQRT2, 10);
  expect(Math.abs(points[1]!)).toBeCloseTo(1.2, 6);
});

it('draws vectors on one line, and vectors of one number, with nothing in the second direction', async () => {
  for (const size of [1, 40]) {
    const values = Float32Array.from(
      { length: 50 * size },
      (_, i) => Math.floor(i / size) * ((i % size) + 1),
    );
    const points = await project('pca', { rows: 50, size, values }, options, quiet);
    points.forEach((value, i) => i % 2 === 1 && expect(Math.abs(value)).toBeLessThan(1e-9 * points[98]!));
    expect(points[98]).toBeGreaterThan(0);
  }
});

it.each(PROJECTORS)('%s draws vectors most of which are the same', async (name) => {
  const values = small.values.map((value, i) =>
    i < 50 * small.size ? small.values[i % small.size]! : value,
  );
  const points = await project(name, { ...small, values }, short, quiet);
  expect(points.every(Number.isFinite)).toBe(true);
});

describe('an abort', () => {
  it.each(['druid', 'tsne-js', 'umap'] as const)('%s rejects soon, with its reason', async (name) => {
    const controller = new AbortController();
    const reason = new Error('given up');
    const before = process.cpuUsage();
    setTimeout(() => controller.abort(reason), 300);
    const running = project(
      name,
      vectors,
      { ...options, iterations: 1e6 },
      { ...quiet, signal: controller.signal },
    );
    await expect(running).rejects.toBe(reason);
    // Processor time: on a machine that is busy with other things `soon` may be late.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3000);
  });

  it.each(PROJECTORS)('%s does nothing where it came before', async (name) => {
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(project(name, vectors, options, { ...quiet, signal })).rejects.toThrow('given up');
  });
});

describe('refusals', () => {
  const few = (rows: number) => ({
    ...vectors,
    rows,
    values: vectors.values.subarray(0, rows * vectors.size),
  });
  const withNaN = { ...vectors, values: vectors.values.map((value, i) => (i === 3 * 12 + 5 ? NaN : value)) };
  const same = { ...vectors, values: vectors.values.map((_, i) => i % vectors.size) };
  it.each([
    ['pca', few(2), options, 'there are 2 vectors to draw; a projection needs 3 or more'],
    ['druid', few(2), options, 'there are 2 vectors to draw; a projection needs 3 or more'],
    [
      'druid',
      withNaN,
      options,
      'number 5 of vector 3 is NaN; embed the texts with weights that give finite numbers',
    ],
    [
      'druid',
      same,
      options,
      'all 180 vectors are the same, so that there is nothing to draw; look at the encoder and its pooling',
    ],
    [
      'druid',
      vectors,
      { ...options, perplexity: 60 },
      'a perplexity of 60 needs more than 180 rows, but there are 180; give at most 59 or take the projector pca',
    ],
    [
      'tsne-js',
      few(40),
      options,
      'a perplexity of 15 needs more than 45 rows, but there are 40; give at most 13 or take the projector pca',
    ],
    [
      'umap',
      few(10),
      options,
      '10 neighbours need more than 10 rows, but there are 10; give fewer neighbours or take the projector pca',
    ],
    [
      'tsne-js',
      vectors,
      { ...options, iterations: 100 },
      'tsne-js cannot stop after 100 iterations, its first 100 only spread the points; give more',
    ],
  ] as const)('%s: %#', async (name, given, settings, message) => {
    const error = await project(name, given, settings, quiet).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toBe(message);
  });
});
