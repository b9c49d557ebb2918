/**
 * One search of a benchmark function, through the same study that a user's search goes through: ask and tell
 * in this process, runs that go on from where they paused, and effort counted in epochs, or in trials. What
 * is noted on the way is regret: how much worse the incumbent is than the best place there is, without noise;
 * the incumbent is the place whose (noisy) observation at full fidelity is the best so far.
 */
import { InputError } from '@layerwise/errors';
import {
  memoryJournal,
  openStudy,
  parseSettings,
  planFor,
  randomStream,
  schedulerNamed,
  type Sampler,
} from '@layerwise/search';
import { BENCHMARK_FUNCTIONS, type BenchmarkFunction } from './benchmark-functions.js';

interface BenchmarkOptions {
  readonly sampler: Sampler;
  /** `hyperband`, `asha` or `none`. */
  readonly scheduler: string;
  readonly eta: number;
  readonly seed: number;
  /** Trials that are begun, or epochs that are spent: where the search ends, and what `marks` count. */
  readonly limit: { readonly trials: number } | { readonly epochs: number };
  /** Efforts at which the regret is noted, rising. */
  readonly marks: readonly number[];
}

interface BenchmarkResult {
  /** At each mark; infinite before anything was observed at full fidelity. */
  readonly regrets: readonly number[];
  /** Time that each new trial's proposal took, and the promotions since the last one. */
  readonly milliseconds: readonly number[];
}

/** @throws InputError for a function that there is not */
export function benchmarkFunctionNamed(name: string): BenchmarkFunction {
  const known = Object.hasOwn(BENCHMARK_FUNCTIONS, name) ? BENCHMARK_FUNCTIONS[name] : undefined;
  if (known !== undefined) return known;
  throw new InputError(
    `There is no benchmark function ${name}: take ${Object.keys(BENCHMARK_FUNCTIONS).join(', ')}.`,
  );
}

export function runBenchmark(benchmark: BenchmarkFunction, options: BenchmarkOptions): BenchmarkResult {
  const { sampler, scheduler, eta, seed, limit, marks } = options;
  const { d, epochs, noise, minimum, value } = benchmark;
  const names = Array.from({ length: d }, (_, i) => `u${i + 1}`);
  const settings = parseSettings({
    space: { names, parameters: names.map(() => ({ type: 'float', low: 0, high: 1 })) },
    plan: planFor(scheduler, epochs, eta),
    trials: 'trials' in limit ? limit.trials : null,
    budget: 'epochs' in limit ? limit.epochs : null,
    repeats: { best: 0, seeds: 0 },
    sampler: 'benchmark',
    scheduler,
    seed,
    maxFailures: null,
  });
  const cost = (from: number, to: number): number => to - from;
  const study = openStudy(memoryJournal(), settings, { sampler, scheduler: schedulerNamed(scheduler), cost });

  const regrets: number[] = [];
  const milliseconds: number[] = [];
  let spent = 0;
  let waited = 0;
  let incumbent = { observed: -Infinity, regret: Infinity };
  for (;;) {
    const start = performance.now();
    const run = study.ask();
    waited += performance.now() - start;
    if (run.kind !== 'run') break;
    if (run.from === 0) {
      milliseconds.push(waited);
      waited = 0;
    }
    spent += 'epochs' in limit ? cost(run.from, run.fidelity) : Number(run.from === 0);
    // What a mark cuts short has not been observed at it.
    while (spent > (marks[regrets.length] ?? Infinity)) regrets.push(incumbent.regret);
    const u = run.values.map(Number);
    const error = noise === 0 ? 0 : noise * randomStream(run.seed, run.fidelity, 'noise').normal();
    const reward = -value(u, run.fidelity) + error;
    study.tell(run.trial, { reward, fidelity: run.fidelity, checkpoint: 0 });
    if (run.fidelity === epochs && reward > incumbent.observed)
      incumbent = { observed: reward, regret: value(u, epochs) - minimum };
  }
  while (regrets.length < marks.length) regrets.push(incumbent.regret);
  return { regrets, milliseconds };
}
