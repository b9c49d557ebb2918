/** What `layerwise search` says before it begins. */
import {
  costOfRecord,
  smallRungCaution,
  stepsName,
  titleOf,
  type StartingSearch,
} from '@layerwise/rate-search';
import { describePlan, fewPointsCaution } from '@layerwise/search';
import { duration } from '../../progress/meter.js';
import { secondsPerStep } from '../../progress/search.js';

/** The plan and what it costs, before it is paid. @param planned steps of the search and its repeats */
export function announcement({ state, record }: StartingSearch, planned: number, workers: number): string {
  const unit = stepsName(record);
  const { plan, trials, repeats } = state.settings;
  const lines = [titleOf(record), describePlan(plan, trials ?? 1, costOfRecord(record), unit)];
  const again = repeats.best * repeats.seeds;
  if (again > 0)
    lines.push(
      `and ${again} ${again === 1 ? 'repeat' : 'repeats'} of the best ${repeats.best}: with them at most ${planned.toLocaleString('en')} ${unit}`,
    );
  const cautions = [smallRungCaution(record, plan), fewPointsCaution(state.settings.space, trials)];
  lines.push(...cautions.filter((caution) => caution !== null));
  const pace = secondsPerStep(state);
  const { search, repeats: repeated } = state.spent;
  const left = Math.max(0, planned - search - repeated);
  if (pace !== null)
    lines.push(
      `${state.trials.length} trials are begun; at the ${pace.toPrecision(2)} s for one of the ${unit} so far the rest takes about ${duration((pace * left) / workers)}`,
    );
  return lines.join('\n');
}
