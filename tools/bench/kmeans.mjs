#!/usr/bin/env node
/**
 * Times K-means on embeddings of a real size, to convergence: seconds, iterations, and how much memory it
 * takes beyond the vectors.
 *
 *   node tools/bench/kmeans.mjs --embeddings DIR [--k 2,32] [--methods fast,ml-kmeans] [--threads 1]
 *
 * DIR is what the stage `embed` wrote; its train split is clustered. Each measurement is a process of its
 * own.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    embeddings: { type: 'string' },
    k: { type: 'string', default: '2,32' },
    methods: { type: 'string', default: 'fast' },
    threads: { type: 'string', default: '1' },
    one: { type: 'boolean', default: false },
  },
});
if (values.embeddings === undefined) {
  console.error('--embeddings is needed');
  process.exit(2);
}

const libs = join(import.meta.dirname, '..', '..', 'libs');

async function measure(k, method) {
  const { readEmbeddingFolder } = await import(join(libs, 'core/artifacts/dist/index.js'));
  const { centresAt, initialRows, kmeans } = await import(join(libs, 'shifts/cluster-shift/dist/index.js'));
  const { size, values: vectors, index } = (await readEmbeddingFolder(values.embeddings)).train;
  const points = { size, values: vectors };
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const initial = centresAt(points, initialRows(points, k, 'kmeans++', 1));
  const options = { method, maxIterations: 1000, threads: Number(values.threads) };
  const { iterations, converged } = await kmeans(points, initial, options);
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Math.max(0, process.resourceUsage().maxRSS / 1024 - before / 2 ** 20);
  console.log(
    `${index.length} × ${size}, k = ${k}, ${method}: ${seconds.toFixed(1)} s, ${iterations} iterations` +
      `${converged ? '' : ' (not converged)'}, ${megabytes.toFixed(0)} MiB more`,
  );
}

if (values.one) await measure(Number(values.k), values.methods);
else {
  for (const method of values.methods.split(',')) {
    for (const k of values.k.split(',')) {
      const words = ['--embeddings', values.embeddings, '--threads', values.threads, '--one'];
      spawnSync(process.execPath, [import.meta.filename, ...words, '--k', k, '--methods', method], {
        stdio: 'inherit',
      });
    }
  }
}
