import { expect, it } from 'vitest';
import { benchmarkStep } from './step-benchmark.js';

it('times a step of a whole BERT, all words active', async () => {
  const [layers, hidden, batch, length] = [2, 32, 2, 8];
  const found = await benchmarkStep({
    layers,
    hidden,
    heads: 2,
    batch,
    length,
    steps: 5,
    threads: 1,
    dropout: 0.1,
    seed: 1,
    engine: 'onnxruntime',
    provider: 'cpu',
  });
  // Tables of 30,522 words, 512 positions and 2 types with their norm; a layer's six matrices, biases and two
  // norms; a head.
  const tables = (30_522 + 512 + 2) * hidden + 2 * hidden;
  const layer = 12 * hidden ** 2 + 9 * hidden + 4 * hidden;
  expect(found.parameters).toBe(tables + layers * layer + 2 * hidden + 2);

  // Twice a product's size forward and twice that backward: tokens × 24·h² for a layer's dense parts, 4·h a
  // pair of tokens for attention; the last layer computes queries, output and intermediate parts for the
  // first token of each text alone.
  const tokens = batch * length;
  const whole = 3 * (tokens * 24 * hidden ** 2 + 4 * batch * length ** 2 * hidden);
  const last = 3 * (tokens * 4 * hidden ** 2 + batch * 20 * hidden ** 2 + 4 * batch * length * hidden);
  expect(found.gemmGflops * found.medianMs * 1e6).toBeCloseTo((layers - 1) * whole + last, -1);
  expect(found.minMs).toBeGreaterThan(0);
  expect(found.medianMs).toBeGreaterThanOrEqual(found.minMs);
  expect(found.updateMs).toBeGreaterThan(0);
  expect(found.updateMs).toBeLessThan(found.medianMs);
  expect(found.peakMemoryMb).toBeGreaterThan(30);
});
