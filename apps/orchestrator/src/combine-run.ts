/** `layerwise combine` behind its options: reads the trials, combines them (`@layerwise/combination`), prints and writes. */
import { combinationJson, distributionOf, distributionText, readTrials } from '@layerwise/combination';
import type { CombineCommandOptions } from './commands/combine.js';
import type { Outcome } from './run-command.js';

/** Share of the resampled rates inside the band. */
const LEVEL = 0.9;

export async function runCombine(files: readonly string[], options: CombineCommandOptions): Promise<Outcome> {
  const { b, top, temperature, weights, resamples, seed } = options;
  const pairs = await Promise.all(files.map(readTrials));
  const distribution = distributionOf(pairs, {
    weights,
    numbers: {
      ...(b !== undefined && { b }),
      ...(top !== undefined && { top }),
      ...(temperature !== undefined && { temperature }),
    },
    bootstrap: { resamples, seed, level: LEVEL },
    leaveOneOut: options.leaveOneOut === true,
  });
  return { text: distributionText(distribution), json: combinationJson(distribution) };
}
