/**
 * No early stopping: every trial runs to the full fidelity, in the plan's last bracket (Hyperband's has that
 * rung alone).
 */
import { searchedTrials } from '../study/observe.js';
import { fullFidelity } from './hyperband.js';
import { isPausedAt, newTrial } from './rungs.js';
import type { Scheduler } from './scheduler.js';

export const fullFidelityScheduler: Scheduler = (plan, all, _score, most = Infinity) => {
  const trials = searchedTrials(all);
  // A plan whose last bracket begins below the top: what rests there goes on.
  const full = fullFidelity(plan);
  const resting = trials.find((trial) => trial.target < full && isPausedAt(trial, trial.target));
  if (resting !== undefined) return { kind: 'promote', trial: resting.number, target: full };
  return newTrial(plan, plan.brackets.length - 1, trials, most);
};
