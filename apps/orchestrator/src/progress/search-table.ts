/**
 * A search at a moment in a few lines: how far it is, the best so far, trials by state, what is running. Pure
 * functions of what the search tells; `live-lines.ts` shows them.
 */
import type { SearchView, StudyState, Trial } from '@layerwise/search';
import { duration } from './meter.js';

export interface SearchMoment extends SearchView {
  /** Steps that the plan and its repeats take. */
  readonly planned: number;
  /** What they are called. */
  readonly unit: string;
  /** Of work left; null where no step was timed yet. */
  readonly secondsLeft: number | null;
}

const BAR = 20;

/** For a terminal. */
export function searchLines(moment: SearchMoment): string[] {
  const { state, running } = moment;
  const full = fullOf(state);
  const runs = [...running]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, { done, total }]) => {
      const trial = state.trials[number];
      return trial === undefined ? [] : [runLine(trial, share(done, total), full)];
    });
  return [
    `search  ${how(moment)}`,
    `best    ${bestWords(state, true)}`,
    `trials  ${stateCounts(state)}`,
    ...runs,
  ];
}

/** The same in one line. */
export function searchSummary(moment: SearchMoment): string {
  return `search: ${how(moment)} | best ${bestWords(moment.state, false)} | ${stateCounts(moment.state)}`;
}

/** Steps of all runs that ended and of those under way. */
export function stepsDone({ state, running }: SearchView): number {
  const underWay = [...running.values()].reduce((sum, { done }) => sum + done, 0);
  return state.spent.search + state.spent.repeats + underWay;
}

function how({ state, running, planned, unit, secondsLeft }: SearchMoment): string {
  const begun = state.trials.filter(({ repeatOf }) => repeatOf === null).length;
  const repeats = state.trials.length - begun;
  const of = state.settings.trials === null ? '' : ` of ${state.settings.trials}`;
  const more = repeats === 0 ? '' : ` and ${repeats} ${repeats === 1 ? 'repeat' : 'repeats'}`;
  const done = stepsDone({ state, running });
  const left = secondsLeft === null ? 'time left unknown' : `${duration(secondsLeft)} left`;
  return `${begun}${of} trials${more} | ${count(done)} of ${count(planned)} ${unit} (${percent(done, planned)}) | ${left}`;
}

/** The best at the highest rung that any trial reached. */
function bestWords(state: StudyState, withValues: boolean): string {
  const full = fullOf(state);
  let best: { readonly trial: Trial; readonly fidelity: number; readonly reward: number } | null = null;
  for (const trial of state.trials) {
    if (trial.repeatOf !== null) continue;
    for (const { fidelity, reward } of trial.measurements)
      if (best === null || fidelity > best.fidelity || (fidelity === best.fidelity && reward > best.reward))
        best = { trial, fidelity, reward };
  }
  if (best === null) return 'none yet';
  const { trial, fidelity, reward } = best;
  const rung = fidelity === full ? '' : ` at ${fidelity} of ${full}`;
  const words = `trial ${trial.number} with ${reward.toFixed(4)}${rung}`;
  if (!withValues) return words;
  const values = state.settings.space.names.map((name, place) => `${name} ${shown(trial.values[place])}`);
  return `${words}: ${values.join(', ')}`;
}

function stateCounts({ trials }: StudyState): string {
  const counts = new Map<string, number>();
  for (const { state } of trials) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts.size === 0
    ? 'none yet'
    : [...counts].map(([state, number]) => `${number} ${state}`).join(', ');
}

function runLine({ number, target, repeatOf }: Trial, part: number, full: number): string {
  const filled = Math.round(BAR * part);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled);
  const what =
    repeatOf === null ? `to rung ${target} of ${full}` : `again as trial ${repeatOf}, with a fresh seed`;
  return `  ${String(number).padStart(4)}  ${bar} ${String(Math.floor(100 * part)).padStart(3)} %  ${what}`;
}

function fullOf({ settings }: StudyState): number {
  return settings.plan.fidelities.at(-1) ?? 1;
}

function share(done: number, total: number): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}

function percent(done: number, total: number): string {
  return `${Math.floor(100 * share(done, total))} %`;
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en');
}

function shown(value: unknown): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e-2 ? value.toExponential(2) : value.toPrecision(3);
}
