/** `layerwise bench step` behind its options. */
import type { BenchStepOptions } from './commands/bench.js';
import type { Outcome } from './run-command.js';

export async function runBenchStep(options: BenchStepOptions): Promise<Outcome> {
  await Promise.resolve();
  throw new Error(`the step of ${options.layers} layers is not wired yet`);
}
