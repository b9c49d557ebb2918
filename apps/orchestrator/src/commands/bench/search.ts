/**
 * `layerwise bench search` behind its options: one search a seed (`runBenchmark` of `@layerwise/benchmarks`),
 * and what they come to.
 */
import { benchmarkFunctionNamed, runBenchmark } from '@layerwise/benchmarks';
import { InputError } from '@layerwise/errors';
import { samplerNamed } from '@layerwise/search';
import { meanOf, medianOf } from '@layerwise/statistics';
import type { Outcome } from '../../running/run-command.js';

/** As the command line hands them over. */
export interface BenchSearchOptions {
  readonly function: string;
  readonly sampler: string;
  readonly scheduler: string;
  readonly eta: number;
  readonly trials?: number;
  readonly epochs?: number;
  readonly seeds: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** Proposals at the end of a search by whose median a proposal is timed. */
const LAST = 10;

export function runBenchSearch(options: BenchSearchOptions): Outcome {
  const { function: name, scheduler, eta, seeds, seed: first } = options;
  const benchmark = benchmarkFunctionNamed(name);
  const sampler = samplerNamed(options.sampler);
  const { limit, marks, unit } = limitOf(options);
  const runs = Array.from({ length: seeds }, (_, i) =>
    runBenchmark(benchmark, { sampler, scheduler, eta, seed: first + i, limit, marks }),
  );
  const regretsAt = marks.map((_, place) => runs.map(({ regrets }) => regrets[place] ?? Infinity));
  const json = {
    at: marks,
    // JSON knows no infinity: null before anything is observed at full fidelity.
    mean: regretsAt.map(meanOf).map(finite),
    median: regretsAt.map(medianOf).map(finite),
    msPerTrial: meanOf(runs.flatMap(({ milliseconds }) => milliseconds)),
    msPerLastTrials: medianOf(runs.flatMap(({ milliseconds }) => milliseconds.slice(-LAST))),
  };
  const lines = marks.map(
    (mark, place) =>
      `  after ${mark} ${unit}  mean ${shown(json.mean[place])}  median ${shown(json.median[place])}`,
  );
  const text = [
    `${name}: regret of ${options.sampler}, scheduler ${scheduler}, seeds ${first} to ${first + seeds - 1}`,
    ...lines,
    `  a proposal  ${json.msPerTrial.toFixed(1)} ms (mean; median of the last ${LAST}: ${json.msPerLastTrials.toFixed(1)})`,
  ].join('\n');
  return { text, json };
}

/**
 * Where the search ends, and where the regret is told: at half of the trials and at all; at a fifth, a third,
 * half and all epochs.
 */
function limitOf({ trials, epochs }: BenchSearchOptions): {
  limit: { trials: number } | { epochs: number };
  marks: number[];
  unit: string;
} {
  if (trials !== undefined && epochs !== undefined)
    throw new InputError('The search ends by --trials or by --epochs, not by both: leave one out.');
  if (epochs !== undefined)
    return {
      limit: { epochs },
      marks: [1 / 5, 1 / 3, 1 / 2, 1].map((share) => share * epochs),
      unit: 'epochs',
    };
  const most = trials ?? 50;
  return { limit: { trials: most }, marks: [Math.ceil(most / 2), most], unit: 'trials' };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? 'nothing seen' : value.toPrecision(4);
}
