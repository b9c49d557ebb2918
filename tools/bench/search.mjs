#!/usr/bin/env node
/**
 * How well the search searches: every function of libs/checks/benchmarks/src/benchmark-functions.ts over many
 * seeds, beside the best that public optimisers reached on it, and what each of the Gaussian process's
 * options gains or loses. docs/results/search-benchmarks.md has what came out.
 *
 *   node tools/bench/search.mjs [--functions branin,hartmann6] [--variants default] [--seeds 30] [--first 1]
 *   [--threads 1] [--out FILE]
 *
 * Functions without fidelities: 50 trials. With fidelities: Hyperband, 450 epochs (--epochs). Each search is
 * a line of FILE; the same command goes on from what is there. Needs a build (`npx tsc -b
 * libs/checks/benchmarks`) and nothing else.
 */
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { benchmarkFunctionNamed, runBenchmark } from '@layerwise/benchmarks';
import { createGpSampler, growingLengthscale, samplerNamed } from '@layerwise/search';
import { meanOf, medianOf, varianceOf } from '@layerwise/statistics';

/** As measured first: Sobol points alone at the start, length scales that grow with the dimension. */
const growing = { middleFirst: false, lengthscale: growingLengthscale };

/** Options that differ from the default, or another sampler by its name. */
const VARIANTS = {
  default: {},
  'no middle first': { middleFirst: false },
  'growing length scales': { lengthscale: growingLengthscale },
  'no power transform': { powerTransform: false },
  'promotion by reward': { promoteByModel: false },
  growing,
  'growing, start 5': { ...growing, start: 5 },
  'growing, start 12': { ...growing, start: 12 },
  'growing, no power transform': { ...growing, powerTransform: false },
  'growing, trust region': { ...growing, trustRegion: true },
  'growing, 8 draws': { ...growing, draws: 8 },
  tpe: 'tpe',
  random: 'random',
};

/**
 * The best public optimiser of each function by mean regret of ten seeds (Optuna 5.0, BoTorch 0.18, SMAC
 * 2.4).
 */
const PEERS = {
  branin: { at: { 50: 0.0001 }, who: 'Optuna GP (SMAC: 0.0000)' },
  hartmann6: { at: { 50: 0.0519 }, who: 'Optuna GP' },
  levy10: { at: { 50: 12.74 }, who: 'BoTorch LogEI' },
  rosenbrock10: { at: { 50: 11839 }, who: 'Optuna TPE' },
  // The peers' table has plain values: less the minimum, 2.25614e-4, it is 0.00717.
  layered10: { at: { 50: 0.0074 }, who: 'Optuna TPE' },
  'mf-hartmann6': { at: { 450: 0.063 }, who: 'Optuna GP, full fidelity' },
  'layered10-curve': { at: { 450: 0.0114 }, who: 'Optuna TPE, full fidelity' },
};

if (isMainThread) await main();
else parentPort.on('message', (job) => parentPort.postMessage({ ...job, ...measured(job) }));

function measured({ variant, name, seed, limit, marks }) {
  const benchmark = benchmarkFunctionNamed(name);
  const scheduler = benchmark.epochs > 1 ? 'hyperband' : 'none';
  const chosen = VARIANTS[variant];
  const sampler = typeof chosen === 'string' ? samplerNamed(chosen) : createGpSampler(chosen);
  const options = { sampler, scheduler, eta: 3, seed, limit, marks };
  const { regrets, milliseconds } = runBenchmark(benchmark, options);
  return { regrets, ms: medianOf(milliseconds.slice(-10)) };
}

async function main() {
  const { values: options } = parseArgs({
    options: {
      functions: { type: 'string', default: Object.keys(PEERS).join() },
      variants: { type: 'string', default: 'default' },
      seeds: { type: 'string', default: '30' },
      first: { type: 'string', default: '1' },
      trials: { type: 'string', default: '50' },
      epochs: { type: 'string', default: '450' },
      threads: { type: 'string', default: '1' },
      out: { type: 'string' },
    },
  });
  const variants = options.variants === 'all' ? Object.keys(VARIANTS) : options.variants.split(',');
  const names = options.functions.split(',');
  const [trials, epochs] = [Number(options.trials), Number(options.epochs)];
  const jobs = Array.from({ length: Number(options.seeds) }, (_, i) =>
    names.flatMap((name) =>
      variants.map((variant) => {
        const many = benchmarkFunctionNamed(name).epochs > 1;
        const limit = many ? { epochs } : { trials };
        const marks = many ? [90, 150, 225, 450].filter((mark) => mark <= epochs) : [trials / 2, trials];
        return { variant, name, seed: Number(options.first) + i, limit, marks };
      }),
    ),
  ).flat();
  const results = await all(jobs, Number(options.threads), options.out);
  for (const name of names) table(name, variants, results);
}

function keyOf({ variant, name, seed, limit }) {
  return JSON.stringify([variant, name, seed, limit]);
}

/** Every job's result, from FILE where it is there. */
async function all(jobs, threads, out) {
  const lines = out !== undefined && existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : [];
  const known = new Map(lines.map((line) => JSON.parse(line)).map((one) => [keyOf(one), one]));
  const left = jobs.filter((job) => !known.has(keyOf(job)));
  await Promise.all(
    Array.from({ length: Math.min(threads, left.length) }, async () => {
      const worker = new Worker(new URL(import.meta.url));
      for (let job = left.shift(); job !== undefined; job = left.shift()) {
        worker.postMessage(job);
        const [result] = await once(worker, 'message');
        known.set(keyOf(job), result);
        if (out !== undefined) appendFileSync(out, `${JSON.stringify(result)}\n`);
      }
      await worker.terminate();
    }),
  );
  return jobs.map((job) => known.get(keyOf(job)));
}

function table(name, variants, results) {
  const { at, who } = PEERS[name];
  const all = results.filter((one) => one.name === name);
  const { marks, limit } = all[0];
  const unit = 'epochs' in limit ? 'epochs' : 'trials';
  console.log(`\n**${name}**: regret after ${marks.join(' / ')} ${unit}\n`);
  console.log(
    '| | mean | median | standard error | worst | ms a proposal |\n| --- | --- | --- | --- | --- | --- |',
  );
  for (const variant of variants) {
    const own = all.filter((one) => one.variant === variant);
    const columns = [meanOf, medianOf, errorOf, (values) => Math.max(...values)].map((statistic) =>
      marks
        .map((_, place) => shown(statistic(own.map(({ regrets }) => regrets[place] ?? Infinity))))
        .join(' / '),
    );
    const seeds = own.map(({ seed }) => seed);
    const which = `${variant} (seeds ${Math.min(...seeds)} to ${Math.max(...seeds)})`;
    console.log(`| ${which} | ${columns.join(' | ')} | ${medianOf(own.map(({ ms }) => ms)).toFixed(0)} |`);
  }
  const peer = Object.entries(at).map(([mark, value]) => `${value} after ${mark}`);
  console.log(`| best peer: ${who} | ${peer.join(', ')} | | | | |`);
}

/** Of the mean; 0 of one value. */
function errorOf(values) {
  return values.length === 1 ? 0 : Math.sqrt(varianceOf(values) / values.length);
}

function shown(value) {
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
}
