/**
 * `layerwise combine` behind its options: reads the trials, combines them (`@layerwise/combination`), prints
 * and writes.
 */
import { digestOfFile, startStopwatch, type Times } from '@layerwise/artifacts';
import {
  combinationJson,
  distributionOf,
  distributionText,
  readTrials,
  writeCombination,
  type Distribution,
} from '@layerwise/combination';
import { InputError } from '@layerwise/errors';
import type { CombineCommandOptions } from './options.js';
import { libraryVersions } from '../../running/library-versions.js';
import type { Outcome } from '../../running/run-command.js';

/** Share of the resampled rates inside the band. */
const LEVEL = 0.9;

export async function runCombine(files: readonly string[], options: CombineCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  const { b, top, temperature, weights, resamples, seed, out, layers, prefix } = options;
  if (layers !== undefined && out === undefined) {
    throw new InputError(
      '--layers is of the snippets, which are written with --out; add --out, or leave it out.',
    );
  }
  if (prefix !== undefined && out === undefined) {
    throw new InputError(
      '--prefix is of the snippets, which are written with --out; add --out, or leave it out.',
    );
  }
  const pairs = await Promise.all(files.map(readTrials));
  const distribution = distributionOf(pairs, {
    weights,
    numbers: { b, top, temperature },
    bootstrap: { resamples, seed, level: LEVEL },
    leaveOneOut: options.leaveOneOut === true,
  });
  const text = distributionText(distribution);
  const json = combinationJson(distribution);
  if (out === undefined) return { text, json };
  const written = await write(out, distribution, files, times, options);
  return { text: `${text}\n\n${written}`, json: { ...json, out } };
}

async function write(
  out: string,
  distribution: Distribution,
  paths: readonly string[],
  times: () => Times,
  options: CombineCommandOptions,
): Promise<string> {
  const inputs = paths.map(async (path) => ({ name: 'trials', path, digest: await digestOfFile(path) }));
  const { files, decay } = await writeCombination(out, distribution, {
    ...(options.layers !== undefined && { layers: options.layers }),
    ...(options.prefix !== undefined && { prefix: options.prefix }),
    parameters: { ...options },
    inputs: await Promise.all(inputs),
    times,
    versions: libraryVersions(),
  });
  const nearest =
    decay === null
      ? 'The groups are patterns, so that there is no nearest layer-wise decay.'
      : `The nearest layer-wise decay is ${decay.rate.toExponential(2)} at the head and a factor of ${decay.decay.toFixed(3)} a layer; ` +
        `it misses the rates by a factor of ${decay.misfit.typical.toFixed(2)} typically and ${decay.misfit.largest.toFixed(2)} at most.`;
  return `${nearest}\n${files.join(', ')} are in ${out}.`;
}
