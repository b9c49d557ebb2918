/** Public face of `@layerwise/benchmarks`. */
export { benchmarkFunctionNamed, runBenchmark } from './benchmark-run.js';
export { benchmarkStep } from './step-benchmark.js';
