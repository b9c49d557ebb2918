/** A search whose runs take no time: it asks a scheduler what is next, and tells at once what came out. */
import { fullFidelityPlan, type RungPlan } from '../src/schedulers/hyperband.js';
import type { Decision, Scheduler } from '../src/schedulers/scheduler.js';
import type { Trial } from '../src/study/trial.js';

export interface Simulation {
  readonly plan?: RungPlan;
  /** Decisions to take in all; fewer when nothing is left to do. */
  readonly decisions: number;
  readonly most?: number;
  readonly workers?: number;
  /** A trial's reward at a fidelity; null: it fails there. */
  readonly reward: (trial: number, fidelity: number) => number | null;
  /** Which of the running trials reports next: a place in 0 … running − 1. */
  readonly next?: (running: number) => number;
}

export interface SimulatedSearch {
  /** `3@1`: a new trial 3 to fidelity 1; `^3@9`: trial 3 is promoted to 9; `wait`. */
  readonly log: string[];
  readonly trials: Trial[];
}

export function simulate(scheduler: Scheduler, options: Simulation): SimulatedSearch {
  const { plan = fullFidelityPlan(1), decisions, most = Infinity, workers = 1, next = () => 0 } = options;
  const log: string[] = [];
  const trials: Trial[] = [];
  const running: number[] = [];
  const report = (): void => {
    const [number] = running.splice(next(running.length), 1);
    trials[number!] = reported(trials[number!]!, plan, options.reward);
  };
  while (log.length < decisions) {
    const decision = scheduler(plan, trials, scoreOf, most);
    if (decision.kind === 'wait') {
      if (running.length === 0) throw new Error('it waits for nothing');
      log.push('wait');
      report();
      continue;
    }
    if (decision.kind === 'new' && trials.length >= most) {
      if (running.length === 0) break;
      throw new Error('it starts more than it may');
    }
    running.push(begin(trials, decision, log));
    if (running.length >= workers) report();
  }
  return { log, trials };
}

const scoreOf = (trial: Trial, fidelity: number): number =>
  trial.measurements.find((one) => one.fidelity === fidelity)?.reward ?? NaN;

function begin(trials: Trial[], decision: Exclude<Decision, { kind: 'wait' }>, log: string[]): number {
  const { target } = decision;
  if (decision.kind === 'new') {
    trials.push(newTrial(trials.length, decision.bracket, target));
    log.push(`${trials.length - 1}@${target}`);
    return trials.length - 1;
  }
  const trial = trials[decision.trial]!;
  if (trial.state !== 'paused' || target <= trial.target)
    throw new Error(`it promotes ${JSON.stringify(trial)}`);
  trials[trial.number] = { ...trial, state: 'running', target };
  log.push(`^${trial.number}@${target}`);
  return trial.number;
}

export function newTrial(number: number, bracket: number, target: number): Trial {
  return {
    number,
    bracket,
    target,
    values: [],
    origin: 'random',
    seed: 0,
    repeatOf: null,
    state: 'running',
    measurements: [],
    checkpoint: null,
    attempts: 1,
    message: null,
  };
}

function reported(trial: Trial, plan: RungPlan, rewardOf: Simulation['reward']): Trial {
  const fidelity = trial.target;
  const reward = rewardOf(trial.number, fidelity);
  if (reward === null) return { ...trial, state: 'failed' };
  const measurement = { fidelity, reward, measures: {}, steps: 1, seconds: 0 };
  const state = fidelity === plan.fidelities.at(-1) ? 'complete' : 'paused';
  return { ...trial, state, measurements: [...trial.measurements, measurement] };
}
