/**
 * Where the next trial is decided: what a free worker does next, a pure function of the state. In this order:
 * the study's end (failures), trials that wait (promoted ones, and those whose run was lost), the end by
 * budget, what the scheduler says (promote, or a new trial, unless there are enough), and when the search is
 * over the repeats: the best trials once more, at full fidelity, with fresh seeds. No point is proposed twice
 * in a space that can be used up, and when it is, the search is over.
 */
import { bestOfSearch } from './best.js';
import type { Cost } from '../running/objective.js';
import { costOf, historyOf, isUnderWay, rewardAt, scoreAt, searchTrials } from './observe.js';
import type { EventOf } from './events.js';
import type { Score } from '../schedulers/rungs.js';
import type { Sampler, SamplerContext } from '../samplers/sampler.js';
import type { Scheduler } from '../schedulers/scheduler.js';
import { fullFidelity } from '../schedulers/hyperband.js';
import type { StudyState } from './state.js';
import { keyedSeed } from '../samplers/random-stream.js';
import { distinctCount, pointCount, untriedFrom } from '../space/points.js';
import { fromUnit, toUnit } from '../space/unit.js';

/** What decides besides the state. */
export interface Deciders {
  readonly sampler: Sampler;
  readonly scheduler: Scheduler;
  /** Steps of a run, by which the budget is kept. */
  readonly cost: Cost;
}

/** An event that brings the next run nearer, or why there is none. */
type NextStep =
  | EventOf<'proposed'>
  | EventOf<'promoted'>
  | EventOf<'started'>
  /** Nothing until a running trial reports. */
  | { readonly type: 'wait' }
  | { readonly type: 'done'; readonly reason: string };

/** What happens next; a worker that asks applies such events until one says `started`, `wait` or `done`. */
export function nextStep(state: StudyState, deciders: Deciders): NextStep {
  const failures = state.trials.filter((trial) => trial.state === 'failed').length;
  const { maxFailures } = state.settings;
  if (maxFailures !== null && failures > maxFailures)
    return { type: 'done', reason: `${failures} trials failed, more than the ${maxFailures} that are borne` };

  const lost = state.trials.find(({ state }) => state === 'waiting' || state === 'stale');
  if (lost !== undefined)
    return { type: 'started', trial: lost.number, from: lost.checkpoint?.fidelity ?? 0 };

  const found = nextOfSearch(state, deciders);
  if (found !== undefined) return found;
  if (searchTrials(state).some(isUnderWay)) return { type: 'wait' };
  return nextRepeat(state) ?? (state.trials.some(isUnderWay) ? { type: 'wait' } : end(state));
}

/** Undefined when the search starts no more runs, or none before a running one ends. */
function nextOfSearch(state: StudyState, deciders: Deciders): NextStep | undefined {
  const { plan } = state.settings;
  const trials = searchTrials(state);
  const most = mostTrials(state);
  const decision = deciders.scheduler(plan, trials, scoreOf(state, deciders), most);
  if (decision.kind === 'wait') return undefined;
  const { target } = decision;
  if (decision.kind === 'promote') {
    const promoted = { ...state.trials[decision.trial]!, target };
    if (!isAffordable(state, costOf(state, promoted, deciders.cost), deciders.cost)) return undefined;
    return { type: 'promoted', trial: decision.trial, target };
  }
  if (trials.length >= most) return undefined;
  const steps = deciders.cost(0, target, fullFidelity(plan));
  if (!isAffordable(state, steps, deciders.cost)) return undefined;
  return proposal(state, deciders.sampler, decision.bracket, target);
}

/** Trials of the search in all: as many as are asked for, and no more than there are points to try. */
function mostTrials(state: StudyState): number {
  const { trials, space } = state.settings;
  const points = pointCount(space);
  if (points === Infinity) return trials ?? Infinity;
  const tried = searchTrials(state).map(({ values }) => values);
  return Math.min(trials ?? Infinity, points + tried.length - distinctCount(tried));
}

/** What trials of a rung are compared by: the model's opinion, formed when first needed, or rewards. */
function scoreOf(state: StudyState, { sampler: { opinion } }: Deciders): Score {
  if (opinion === undefined) return scoreAt;
  let worth: ((unit: readonly number[]) => number) | undefined;
  return (trial, fidelity) => {
    if (rewardAt(trial, fidelity) === undefined) return -Infinity;
    worth ??= opinion(historyOf(state), contextOf(state));
    return worth(toUnit(state.settings.space, trial.values));
  };
}

/** Of the trial that would be proposed next. */
function contextOf({ settings, trials, memory }: StudyState): SamplerContext {
  const { space, seed, plan } = settings;
  return { space, seed, trial: trials.length, fidelities: plan.fidelities, memory };
}

/** Whether a run of so many steps stays within the budget, with those that are under way. */
function isAffordable(state: StudyState, steps: number, cost: Cost): boolean {
  const { budget } = state.settings;
  if (budget === null) return true;
  const underWay = searchTrials(state).filter(isUnderWay);
  const sum = underWay.reduce((total, one) => total + costOf(state, one, cost), state.spent.search + steps);
  // Fractions of steps that add up to the budget must not miss it by rounding.
  return sum <= budget * (1 + 1e-9);
}

function proposal(state: StudyState, sampler: Sampler, bracket: number, target: number): EventOf<'proposed'> {
  const { space, seed, given: firstPoints } = state.settings;
  const trial = state.trials.length;
  const common = { type: 'proposed' as const, trial, bracket, target, seed: keyedSeed(seed, trial, 'runs') };
  const known = firstPoints[searchTrials(state).length];
  if (known !== undefined) return { ...common, values: known, origin: 'given', repeatOf: null };
  const { unit, origin, memory } = sampler(historyOf(state), contextOf(state));
  const proposed = fromUnit(space, unit);
  const tried = searchTrials(state).map((one) => one.values);
  const values = pointCount(space) === Infinity ? proposed : untriedFrom(space, proposed, tried);
  const event = { ...common, values, origin, repeatOf: null };
  return memory === undefined ? event : { ...event, memory: memory as EventOf<'proposed'>['memory'] };
}

/** The next repeat that is missing: each of the best trials once, then each a second time. */
function nextRepeat(state: StudyState): EventOf<'proposed'> | undefined {
  const { repeats, seed } = state.settings;
  const best = bestOfSearch(state).slice(0, repeats.best);
  for (let round = 0; round < repeats.seeds; round++) {
    for (const { number, values, bracket } of best) {
      const made = state.trials.filter((trial) => trial.repeatOf === number).length;
      if (made > round) continue;
      const trial = state.trials.length;
      return {
        type: 'proposed',
        trial,
        values: [...values],
        origin: 'repeat',
        bracket,
        target: fullFidelity(state.settings.plan),
        seed: keyedSeed(seed, trial, 'runs'),
        repeatOf: number,
      };
    }
  }
  return undefined;
}

function end(state: StudyState): NextStep {
  const { trials, budget, space } = state.settings;
  const made = searchTrials(state).length;
  if (trials !== null && made >= trials)
    return { type: 'done', reason: `${made} ${made === 1 ? 'trial is' : 'trials are'} made` };
  const reason =
    made >= mostTrials(state)
      ? `all ${pointCount(space)} points of the space were tried`
      : `${state.spent.search} of ${budget ?? 'any number of'} steps are spent, and the next run would not fit`;
  return { type: 'done', reason };
}
