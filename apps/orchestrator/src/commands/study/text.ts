/** What `layerwise study` says on stderr before the first line. */
import { describePlan, fewPointsCaution, type Cost, type Study } from '@layerwise/search';
import type { StudyCommandOptions } from './options.js';

/** What the rungs cost, what is continued, and how to talk to it by hand. */
export function introduction(
  { state }: Study,
  { journal, scheduler }: StudyCommandOptions,
  cost: Cost,
  isTerminal: boolean,
): string[] {
  const { plan, trials, space } = state.settings;
  const few = fewPointsCaution(space, trials);
  const onePass = plan.brackets.reduce((sum, bracket) => sum + bracket.trials, 0);
  const again = state.trials.filter((trial) => trial.state === 'waiting').length;
  const goesOn = `layerwise: goes on with ${journal ?? ''}: ${state.trials.length} trials, of which ${again} are run again`;
  return [
    ...(scheduler === 'none' ? [] : [describePlan(plan, trials ?? onePass, cost, 'units')]),
    ...(few === null ? [] : [`layerwise: ${few}`]),
    ...(journal !== undefined && state.trials.length > 0 ? [goesOn] : []),
    ...(isTerminal ? ['layerwise: type {"ask":1}, {"tell":0,"reward":0.5} or {"best":1}; Ctrl-D ends'] : []),
  ];
}
