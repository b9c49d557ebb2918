/** `layerwise bench step` behind its options. */
import { benchmarkStep } from '@layerwise/benchmarks';
import type { BenchStepOptions } from './options.js';
import type { Outcome } from '../../running/run-command.js';

export async function runBenchStep(options: BenchStepOptions): Promise<Outcome> {
  const result = await benchmarkStep(options);
  const { medianMs, minMs, peakMemoryMb, gemmGflops, parameters } = result;
  const text = [
    `${options.layers} layers of ${options.hidden}, ${options.batch} × ${options.length} tokens, ${options.threads} threads, ${parameters.toLocaleString('en-US')} parameters`,
    `  a step  ${medianMs.toFixed(1)} ms (median of ${options.steps}; fastest ${minMs.toFixed(1)})`,
    `  matrix products  ${gemmGflops.toFixed(0)} GFLOP/s of the whole step`,
    `  memory  ${peakMemoryMb.toFixed(0)} MiB at most`,
  ].join('\n');
  return { text, json: result };
}
