/**
 * What a search came to, from its state alone: the best trial by its mean over seeds, its accuracies on the
 * rows that chose and on the dev splits, which choose nothing, and all trials that were run again, with the
 * intervals of their means.
 */
import { fullFidelity, rankedTrials, type BestTrial, type StudyState, type Trial } from '@layerwise/search';
import { meanOf } from '@layerwise/statistics';
import type { RateSpace } from '../spaces/spaces.js';

/** A mean over seeds. */
interface Mean {
  readonly mean: number;
  /** Seeds. */
  readonly runs: number;
}

interface BestReport {
  readonly trial: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** One a layer group, null where the group is empty; null where the space is of other things than rates. */
  readonly rates: readonly (number | null)[] | null;
  /** In whole runs, 1 is one; below it no trial has come to the end yet. */
  readonly fidelity: number;
  /** Mean over its own run and its repeats. */
  readonly reward: number;
  /** Over fresh seeds alone, with the ends of a 90 % interval. */
  readonly repeats: BestTrial['repeats'];
  /** By name: of fresh seeds where there are any, else of the trial's own run. */
  readonly measures: Readonly<Record<string, Mean>>;
}

/** A trial that was run again. */
type RepeatedTrial = Pick<BestTrial, 'trial' | 'reward' | 'repeats'>;

export interface SearchReport {
  readonly best: BestReport | null;
  /** The best first; empty before the search itself is over. */
  readonly repeated: readonly RepeatedTrial[];
  readonly trials: number;
  /** The last one that failed, and why; null where none did. */
  readonly failure: { readonly trial: number; readonly message: string } | null;
  /** By state, those of the search and repeats. */
  readonly states: Readonly<Record<string, number>>;
  /** Training steps of the search and of the repeats. */
  readonly steps: StudyState['spent'];
}

/** @param rateSpace null where the space is of other things than rates */
export function searchReport(state: StudyState, rateSpace: Pick<RateSpace, 'rates'> | null): SearchReport {
  const ranked = rankedTrials(state);
  const [best] = ranked;
  const states: Record<string, number> = {};
  for (const { state: name } of state.trials) states[name] = (states[name] ?? 0) + 1;
  return {
    best: best === undefined ? null : bestReport(state, best, rateSpace),
    repeated: ranked.flatMap(({ trial, reward, repeats }) =>
      repeats === null ? [] : [{ trial, reward, repeats }],
    ),
    trials: state.trials.filter(({ repeatOf }) => repeatOf === null).length,
    failure: lastFailure(state),
    states,
    steps: state.spent,
  };
}

function lastFailure({ trials }: StudyState): SearchReport['failure'] {
  const failed = trials.findLast((trial) => trial.state === 'failed');
  return failed === undefined ? null : { trial: failed.number, message: failed.message ?? 'without a word' };
}

function bestReport(
  { settings, trials }: StudyState,
  { trial: number, values, reward, fidelity, repeats }: BestTrial,
  rateSpace: Pick<RateSpace, 'rates'> | null,
): BestReport {
  const full = fullFidelity(settings.plan);
  const fresh = trials.filter(({ repeatOf }) => repeatOf === number);
  const measured = fresh.flatMap((trial) => measuresAt(trial, full));
  const own = measuresAt(trials[number]!, fidelity);
  return {
    trial: number,
    values: Object.fromEntries(settings.space.names.map((name, place) => [name, values[place]])),
    rates: rateSpace?.rates(values) ?? null,
    fidelity: fidelity / full,
    reward,
    repeats,
    measures: meansOf(measured.length > 0 ? measured : own),
  };
}

function measuresAt({ measurements }: Trial, fidelity: number): Readonly<Record<string, number>>[] {
  return measurements.filter((one) => one.fidelity === fidelity).map(({ measures }) => measures);
}

function meansOf(runs: readonly Readonly<Record<string, number>>[]): Record<string, Mean> {
  const names = [...new Set(runs.flatMap((measures) => Object.keys(measures)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = runs.flatMap((measures) => (measures[name] === undefined ? [] : [measures[name]]));
      return [name, { mean: meanOf(values), runs: values.length }];
    }),
  );
}

/** The report for people. @param title what was searched @param unit what its steps are called */
export function reportText(
  title: string,
  { best, repeated, failure, trials, states, steps }: SearchReport,
  unit: string,
): string {
  const counts = Object.entries(states)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
  const spent = `${steps.search.toLocaleString('en')} ${unit}, and ${steps.repeats.toLocaleString('en')} of repeats`;
  const all = counts === '' ? 'no trial yet' : `${trials} trials and their repeats (${counts})`;
  const lines = [`${title}: ${all}; ${spent}`];
  if (failure !== null) lines.push(`  trial ${failure.trial} failed: ${failure.message}`);
  if (best === null) return [...lines, '  no trial was measured'].join('\n');
  const whole = best.fidelity === 1 ? '' : `, at ${best.fidelity.toFixed(3)} of a whole run alone`;
  lines.push(`  best: trial ${best.trial} with the mean reward ${best.reward.toFixed(4)}${whole}`);
  if (best.rates === null) lines.push(`  values ${JSON.stringify(best.values)}`);
  else
    lines.push(
      `  rates ${best.rates.map((rate) => (rate === null ? '-' : rate.toExponential(2))).join(', ')}`,
    );
  for (const [name, words] of MEASURES) {
    const measure = best.measures[name];
    if (measure !== undefined) lines.push(`  ${words.padEnd(WIDTH)}  ${(100 * measure.mean).toFixed(1)} %`);
  }
  if (repeated.length > 0) lines.push('  the best again with fresh seeds:', ...repeated.map(repeatedLine));
  return lines.join('\n');
}

function repeatedLine({ trial, repeats }: RepeatedTrial): string {
  if (repeats === null) return '';
  const { rewards, mean, low, high } = repeats;
  const seeds = `${rewards.length} ${rewards.length === 1 ? 'seed' : 'seeds'}`;
  const interval =
    low === null || high === null ? '' : `, 90 % interval ${low.toFixed(4)} to ${high.toFixed(4)}`;
  return `    trial ${trial}: ${mean.toFixed(4)} over ${seeds}${interval}`;
}

const MEASURES = [
  ['originalBefore', 'first task before the second phase, rows that choose'],
  ['original', 'first task after it (p_o), rows that choose'],
  ['shifted', 'second task (p_s), rows that choose'],
  ['devOriginal', 'first task after it (p_o), dev split'],
  ['devShifted', 'second task (p_s), dev split'],
] as const;
const WIDTH = Math.max(...MEASURES.map(([, words]) => words.length));
