/**
 * Asynchronous successive halving, Li et al. (2020), Algorithm 2, in several brackets: no rung waits. A free
 * worker looks from the top rung down for a trial that is among the best ⌊|rung|/η⌋ of those that have
 * reported there and has not gone on yet; when there is none, it starts a new trial. Brackets have rungs of
 * their own, and get trials in proportion to those that Hyperband gives them (Sainte-Laguë's method).
 *
 * As in the paper, a trial that went on and is overtaken later does not take the place of the one that
 * overtook it, so that somewhat more than one in η may go on in all.
 */
import { searchedTrials } from '../study/observe.js';
import { hasReported, isPausedAt, newTrial, rankedAt, type Score } from './rungs.js';
import type { RungPlan } from './hyperband.js';
import type { Decision, Scheduler } from './scheduler.js';
import type { Trial } from '../study/trial.js';

export const ashaScheduler: Scheduler = (plan, all, score, most = Infinity) => {
  const trials = searchedTrials(all);
  return promotion(plan, trials, score) ?? newTrial(plan, bracketInTurn(plan, trials), trials, most);
};

function promotion(plan: RungPlan, trials: readonly Trial[], score: Score): Decision | undefined {
  for (let rung = plan.fidelities.length - 2; rung >= 0; rung--)
    for (const place of plan.brackets.keys()) {
      const members = trials.filter(({ bracket }) => bracket === place);
      const found = promotionAt(plan, members, rung, score);
      if (found !== undefined) return found;
    }
  return undefined;
}

/** The best trial of a bracket's rung that has not gone on, if among the best one in η that have reported. */
function promotionAt(
  { eta, fidelities }: RungPlan,
  members: readonly Trial[],
  rung: number,
  score: Score,
): Decision | undefined {
  const [fidelity, target] = [fidelities[rung]!, fidelities[rung + 1]!];
  const reported = members.filter((trial) => hasReported(trial, fidelity)).length;
  const places = Math.floor(reported / eta + 1e-9);
  // Trials are compared only where one may go on: a model's opinion takes time.
  if (places === 0 || !members.some((trial) => isPausedAt(trial, fidelity))) return undefined;
  const candidates = rankedAt(members, fidelity, score).slice(0, places);
  const best = candidates.find((trial) => isPausedAt(trial, fidelity));
  return best === undefined ? undefined : { kind: 'promote', trial: best.number, target };
}

/** The bracket that would be furthest below its share. */
function bracketInTurn({ brackets }: RungPlan, trials: readonly Trial[]): number {
  const shares = brackets.map(
    (bracket, place) => (trials.filter((trial) => trial.bracket === place).length + 0.5) / bracket.trials,
  );
  return shares.indexOf(Math.min(...shares));
}
