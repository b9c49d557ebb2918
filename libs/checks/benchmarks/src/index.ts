/** Public face of `@layerwise/benchmarks`. */
export { benchmarkFunctionNamed, runBenchmark } from './benchmark-run.js';
