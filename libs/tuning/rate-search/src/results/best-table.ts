/** The best trials so far as a table: how far each came, what it reached on rows that choose, its rates. */
import { fullFidelity, type Measurement, type StudyState, type Trial } from '@layerwise/search';
import { textTable } from '@layerwise/artifacts';
import type { RateSpace } from '../spaces/spaces.js';

interface BestRow {
  readonly trial: number;
  readonly state: Trial['state'];
  /** Of a whole run, 1 is one. */
  readonly fidelity: number;
  readonly reward: number;
  /** p_o before phase 2 and after it, p_s; null where the objective does not tell. */
  readonly originalBefore: number | null;
  readonly original: number | null;
  readonly shifted: number | null;
  readonly values: Readonly<Record<string, unknown>>;
  /** One a layer group; null where the space is not of rates. */
  readonly rates: readonly (number | null)[] | null;
}

/** Trials by their last rung: the highest rung first, there the highest reward, then by number. */
export function bestRows(
  { settings, trials }: StudyState,
  rateSpace: RateSpace | null,
  most: number,
): BestRow[] {
  const full = fullFidelity(settings.plan);
  const measured = trials
    .filter(({ repeatOf }) => repeatOf === null)
    .flatMap((trial): { trial: Trial; rung: Measurement }[] => {
      const rung = trial.measurements.at(-1);
      return rung === undefined ? [] : [{ trial, rung }];
    });
  measured.sort(
    (a, b) =>
      b.rung.fidelity - a.rung.fidelity || b.rung.reward - a.rung.reward || a.trial.number - b.trial.number,
  );
  return measured.slice(0, most).map(({ trial, rung }) => ({
    trial: trial.number,
    state: trial.state,
    fidelity: rung.fidelity / full,
    reward: rung.reward,
    originalBefore: rung.measures['originalBefore'] ?? null,
    original: rung.measures['original'] ?? null,
    shifted: rung.measures['shifted'] ?? null,
    values: Object.fromEntries(settings.space.names.map((name, place) => [name, trial.values[place]])),
    rates: rateSpace?.rates(trial.values) ?? null,
  }));
}

/** The rows below a heading, for people. */
export function bestTableText(rows: readonly BestRow[]): string {
  const cell = (number: number | null): string => (number === null ? '-' : number.toFixed(4));
  const heading = ['trial', 'of a run', 'state', 'p_o before', 'p_o', 'p_s', 'reward', 'values'];
  const lines = rows.map(({ trial, state, fidelity, reward, originalBefore, original, shifted, ...row }) => [
    ...[String(trial), fidelity.toFixed(3), state, cell(originalBefore), cell(original), cell(shifted)],
    ...[cell(reward), row.rates === null ? JSON.stringify(row.values) : ratesText(row.rates)],
  ]);
  const sides = heading.map((name) => (name === 'values' ? 'left' : 'right'));
  return textTable([heading, ...lines], sides)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** One a group, - where the group is empty; a single one where all are the same. */
function ratesText(rates: readonly (number | null)[]): string {
  const held = rates.filter((rate) => rate !== null);
  const [first] = held;
  if (first !== undefined && held.every((rate) => rate === first)) return `${first.toExponential(2)} for all`;
  return rates.map((rate) => (rate === null ? '-' : rate.toExponential(2))).join(', ');
}
