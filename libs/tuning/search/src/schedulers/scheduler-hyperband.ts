/**
 * Hyperband, Li et al. (2018), Algorithm 1, with paused trials: brackets one after the other, and when all
 * are begun the first one again. A rung of a bracket is halved when all its trials have reported: the best
 * ⌊n·η^-(i+1)⌋ go on, ties to the lower number. While a rung waits for a running trial, free workers go on
 * with the next bracket, so that none is idle.
 *
 * With a limit on the search's trials the last bracket is as large as the limit leaves it, and is halved like
 * any other.
 */
import { bracketRungs, type Bracket, type RungPlan } from './hyperband.js';
import { searchedTrials } from '../study/observe.js';
import { hasReported, isMeasuredAt, isPausedAt, newTrial, rankedAt, type Score } from './rungs.js';
import type { Decision, Scheduler } from './scheduler.js';
import type { Trial } from '../study/trial.js';

export const hyperbandScheduler: Scheduler = (plan, all, score, most = Infinity) => {
  const trials = searchedTrials(all);
  for (const cohort of cohortsOf(plan, trials, most)) {
    const promotion = promotionIn(plan, cohort, score);
    if (promotion !== undefined) return promotion;
  }
  return newTrial(plan, bracketInTurn(plan, trials), trials, most);
};

/** The trials that one pass through a bracket started, and how many it is to start. */
interface Cohort {
  readonly bracket: Bracket;
  readonly trials: readonly Trial[];
}

/** The oldest first. */
function cohortsOf(plan: RungPlan, trials: readonly Trial[], most: number): Cohort[] {
  const remaining = Math.max(0, most - trials.length);
  const inTurn = bracketInTurn(plan, trials);
  return plan.brackets
    .flatMap((bracket, place) => {
      const members = trials.filter((trial) => trial.bracket === place);
      const passes = Math.ceil(members.length / bracket.trials);
      return Array.from({ length: passes }, (_, pass): Cohort => {
        const started = members.slice(pass * bracket.trials, (pass + 1) * bracket.trials);
        // Of the pass that is being filled, no more will come than the limit leaves.
        const room = place === inTurn ? Math.min(bracket.trials, started.length + remaining) : started.length;
        return {
          bracket: { ...bracket, trials: pass === passes - 1 ? room : bracket.trials },
          trials: started,
        };
      });
    })
    .sort((a, b) => a.trials[0]!.number - b.trials[0]!.number);
}

/** The best trial of a rung whose trials have all reported, if more of it may go on. */
function promotionIn(plan: RungPlan, { bracket, trials }: Cohort, score: Score): Decision | undefined {
  // A pass that is not full yet is not halved.
  if (trials.length < bracket.trials) return undefined;
  let members = trials;
  const rungs = bracketRungs(plan, bracket);
  for (const [i, { fidelity }] of rungs.entries()) {
    const next = rungs[i + 1];
    if (next === undefined || !members.every((trial) => hasReported(trial, fidelity))) return undefined;
    const promoted = members.filter((trial) => isMeasuredAt(trial, fidelity) && trial.target > fidelity);
    // Trials are compared only where some may still go on: a model's opinion takes time.
    const resting = promoted.length < next.trials ? members.filter((one) => isPausedAt(one, fidelity)) : [];
    const [best] = rankedAt(resting, fidelity, score);
    if (best !== undefined) return { kind: 'promote', trial: best.number, target: next.fidelity };
    members = promoted;
  }
  return undefined;
}

/** The first bracket, in the first pass through all of them, that has room. */
function bracketInTurn({ brackets }: RungPlan, trials: readonly Trial[]): number {
  const started = brackets.map((_, place) => trials.filter((trial) => trial.bracket === place).length);
  const passes = brackets.map((bracket, place) => Math.floor(started[place]! / bracket.trials));
  return passes.indexOf(Math.min(...passes));
}
