/**
 * The trials of a state as the columns of trials.arrow: one row a trial and rung, whose schema says what each
 * column is.
 */
import type { ColumnsOf, trialsTable } from '@layerwise/artifacts';
import { fullFidelity, type Measurement, type StudyState, type Trial } from '@layerwise/search';
import type { RateSpace } from '../spaces/spaces.js';

/** @param rateSpace null where the space is not of rates */
export function trialColumns(
  { settings, trials }: StudyState,
  rateSpace: RateSpace | null,
): ColumnsOf<typeof trialsTable.columns> {
  const full = fullFidelity(settings.plan);
  // A trial that was measured nowhere has one row too.
  const rows = trials.flatMap((trial): { trial: Trial; rung: Measurement | null }[] =>
    (trial.measurements.length === 0 ? [null] : trial.measurements).map((rung) => ({ trial, rung })),
  );
  const measure = (name: string): (number | null)[] => rows.map(({ rung }) => rung?.measures[name] ?? null);
  const lists = rows.map(({ trial }) => (rateSpace === null ? [] : rateSpace.rates(trial.values)));
  let end = 0;
  return {
    trial: Int32Array.from(rows, ({ trial }) => trial.number),
    repeat_of: rows.map(({ trial }) => trial.repeatOf),
    state: rows.map(({ trial }) => trial.state),
    origin: rows.map(({ trial }) => trial.origin),
    bracket: Int32Array.from(rows, ({ trial }) => trial.bracket),
    values: rows.map(({ trial }) => JSON.stringify(trial.values)),
    rates: {
      offsets: Int32Array.from([0, ...lists.map((rates) => (end += rates.length))]),
      // A group that holds nothing keeps its place, so that rate i is group i's.
      values: Float64Array.from(lists.flat(), (rate) => rate ?? Number.NaN),
    },
    fidelity: rows.map(({ rung }) => (rung === null ? null : rung.fidelity / full)),
    accuracy_original_before: measure('originalBefore'),
    accuracy_original: measure('original'),
    accuracy_shifted: measure('shifted'),
    reward: rows.map(({ rung }) => rung?.reward ?? null),
    steps: Int32Array.from(rows, ({ rung }) => Math.round(rung?.steps ?? 0)),
    seconds: Float64Array.from(rows, ({ rung }) => rung?.seconds ?? 0),
    seed: BigInt64Array.from(rows, ({ trial }) => BigInt(trial.seed)),
  };
}
