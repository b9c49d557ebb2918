/**
 * The order of promotions against tables that are written out by hand from the papers, and what holds of any
 * search: quotas, every rung once, no dead end.
 */
import { InputError } from '@layerwise/errors';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { newTrial, simulate } from '../../test/simulated-search.js';
import { hyperbandPlan, type RungPlan } from './hyperband.js';
import { ashaScheduler } from './scheduler-asha.js';
import { hyperbandScheduler } from './scheduler-hyperband.js';
import { fullFidelityScheduler } from './scheduler-none.js';
import { SCHEDULER_NAMES } from '../options.js';
import { planFor, schedulerNamed } from './schedulers.js';
import type { Scheduler } from './scheduler.js';
import type { Measurement } from '../study/events.js';
import type { Trial } from '../study/trial.js';

const plan = hyperbandPlan(9, 3);

/** At fidelity 1 the best three are 1, 5 and 3; at 3 the trials 5 and 3 are equally good, and 1 is worse. */
const atOne = [5, 9, 1, 7, 3, 8, 2, 6, 4];
const atThree = new Map([
  [1, 4],
  [3, 6],
  [5, 6],
]);
const reward = (trial: number, fidelity: number): number =>
  (fidelity === 1 ? atOne[trial] : atThree.get(trial)) ?? trial;

describe('Hyperband', () => {
  it('fills a rung, halves it, and takes the next bracket, in the order of the table', () => {
    const { log } = simulate(hyperbandScheduler, { plan, decisions: 25, reward });
    expect(log).toEqual([
      ...['0@1', '1@1', '2@1', '3@1', '4@1', '5@1', '6@1', '7@1', '8@1'],
      ...['^1@3', '^5@3', '^3@3'],
      // Trials 3 and 5 are equal there: the lower number goes on.
      '^3@9',
      // Bracket 1: five trials at 3, of which the last is the best.
      ...['9@3', '10@3', '11@3', '12@3', '13@3', '^13@9'],
      // Bracket 2 asks for the full fidelity at once; then bracket 0 begins again.
      ...['14@9', '15@9', '16@9', '17@1', '18@1', '19@1'],
    ]);
  });

  it('goes on with the next bracket while a rung waits for a running trial', () => {
    // Two workers; the trial that began last reports first, so that trial 0 is the last of its rung.
    const { log } = simulate(hyperbandScheduler, {
      plan,
      decisions: 12,
      workers: 2,
      reward,
      next: (n) => n - 1,
    });
    expect(log).toEqual([
      '0@1',
      '1@1',
      '2@1',
      '3@1',
      '4@1',
      '5@1',
      '6@1',
      '7@1',
      '8@1',
      '9@3',
      '10@3',
      '11@3',
    ]);
  });

  it('counts a failed trial as the worst of its rung, and never promotes it', () => {
    // Trial 1 fails at fidelity 1 and trial 5 at 3: the quotas stay, and others take the first one's place.
    const failing = (trial: number, fidelity: number): number | null =>
      (trial === 1 && fidelity === 1) || (trial === 5 && fidelity === 3) ? null : reward(trial, fidelity);
    const { log } = simulate(hyperbandScheduler, { plan, decisions: 14, reward: failing });
    expect(log.slice(9)).toEqual(['^5@3', '^3@3', '^7@3', '^7@9', '9@3']);
  });

  it('goes on with the next bracket when a whole rung failed', () => {
    const { log } = simulate(hyperbandScheduler, { plan, decisions: 10, reward: () => null });
    expect(log.slice(8)).toEqual(['8@1', '9@3']);
  });

  it('halves a last bracket that a limit cuts short', () => {
    // Four of nine: one goes on to 3, and though ⌊4/9⌋ = 0 one to 9, so that a search never ends without a
    // whole run.
    const { log } = simulate(hyperbandScheduler, { plan, decisions: 99, most: 4, reward });
    expect(log).toEqual(['0@1', '1@1', '2@1', '3@1', '^1@3', '^1@9']);
    // With room for more the bracket is filled up, and the trial that went on already counts.
    const parallel = simulate(hyperbandScheduler, { plan, decisions: 99, most: 4, workers: 4, reward });
    expect(parallel.log).toEqual([
      ...['0@1', '1@1', '2@1', '3@1', 'wait', 'wait', 'wait'],
      ...['^1@3', 'wait', '^1@9', 'wait'],
    ]);
  });
});

describe('asynchronous successive halving', () => {
  const oneBracket = { ...plan, brackets: plan.brackets.slice(0, 1) };

  it('promotes as soon as a trial is among the best third, in the order of the table', () => {
    const { log } = simulate(ashaScheduler, { plan: oneBracket, decisions: 14, reward });
    expect(log).toEqual([
      ...['0@1', '1@1', '2@1', '^1@3'], // of three the best
      ...['3@1', '4@1', '5@1', '^5@3'], // of six the second best
      ...['6@1', '7@1', '8@1', '^3@3', '^3@9'], // of nine the third; at 3 it is the best of three with 5, by its number
      '9@1',
    ]);
  });

  it('counts failed trials in the rung', () => {
    const failing = (trial: number): number | null => (trial < 2 ? null : reward(trial, 1));
    const { log } = simulate(ashaScheduler, { plan: oneBracket, decisions: 4, reward: failing });
    expect(log).toEqual(['0@1', '1@1', '2@1', '^2@3']);
  });

  it('gives brackets trials in proportion', () => {
    const { trials } = simulate(ashaScheduler, { plan, decisions: 200, reward: () => 0 });
    const counts = plan.brackets.map((_, place) => trials.filter(({ bracket }) => bracket === place).length);
    const total = 9 + 5 + 3;
    [9, 5, 3].forEach((n, i) =>
      expect(Math.abs(counts[i]! - (n / total) * trials.length)).toBeLessThanOrEqual(1),
    );
    expect(trials.slice(0, 4).map(({ bracket }) => bracket)).toEqual([0, 1, 0, 2]);
  });
});

it('without early stopping every trial goes to the end', () => {
  const { log } = simulate(fullFidelityScheduler, { plan: planFor('none', 9, 3), decisions: 3, reward });
  expect(log).toEqual(['0@9', '1@9', '2@9']);
  expect(simulate(fullFidelityScheduler, { plan, decisions: 2, reward }).log).toEqual(['0@9', '1@9']);
});

it.each(['hyperband', 'asha'])(
  '%s compares no trials where none may go on: a model’s opinion takes time',
  (name) => {
    // Of nine at fidelity 1 seven failed and two are on their way to 3, where there is room for a third.
    const onTheWay = [0, 1].map((number): Trial => ({
      ...newTrial(number, 0, 3),
      measurements: [measuredAt(1)],
    }));
    const failed = [2, 3, 4, 5, 6, 7, 8].map((number): Trial => ({
      ...newTrial(number, 0, 1),
      state: 'failed',
    }));
    // And of two that rest there no third is the best.
    const resting = [0, 1].map((number): Trial => ({ ...onTheWay[number]!, state: 'paused', target: 1 }));
    for (const trials of [[...onTheWay, ...failed], resting]) {
      const score = vi.fn(() => 0);
      expect(schedulerNamed(name)(plan, trials, score).kind).toBe('new');
      expect(score).not.toHaveBeenCalled();
    }
  },
);

function measuredAt(fidelity: number): Measurement {
  return { fidelity, reward: 0, measures: {}, steps: 1, seconds: 0 };
}

describe.each(SCHEDULER_NAMES)('%s, whatever happens', (name) => {
  const settings = fc.record({
    full: fc.constantFrom(1, 3, 9, 10, 27),
    eta: fc.constantFrom(2, 3, 4),
    most: fc.integer({ min: 1, max: 60 }),
    workers: fc.integer({ min: 1, max: 6 }),
    luck: fc.infiniteStream(fc.nat({ max: 1000 })),
  });

  it('keeps quotas, measures a trial once a rung, and ends with nothing running', () => {
    fc.assert(
      fc.property(settings, ({ full, eta, most, workers, luck }) => {
        const chosen = planFor(name, full, eta);
        const draw = (): number => luck.next().value as number;
        const { trials } = simulate(checked(schedulerNamed(name)), {
          plan: chosen,
          decisions: 2000,
          most,
          workers,
          // Few different rewards, so that ties are frequent; a tenth fails.
          reward: () => (draw() < 100 ? null : draw() % 5),
          next: (running) => draw() % running,
        });
        expect(trials.length).toBe(most);
        expect(trials.every(({ state }) => !['running', 'waiting'].includes(state))).toBe(true);
        for (const trial of trials) {
          const seen = trial.measurements.map(({ fidelity }) => fidelity);
          const from = chosen.fidelities.indexOf(seen[0] ?? trial.target);
          expect(seen).toEqual(chosen.fidelities.slice(from, from + seen.length));
        }
        if (name === 'hyperband') expectQuotas(trials, chosen);
      }),
      { numRuns: 60 },
    );
  });

  it('does not see repeats', () => {
    const seen = simulate(schedulerNamed(name), { plan: planFor(name, 9, 3), decisions: 11, reward }).trials;
    const repeats = seen
      .filter(({ state }) => state !== 'failed')
      .map((trial, i): Trial => ({ ...trial, number: 100 + i, repeatOf: trial.number, state: 'running' }));
    const scheduler = schedulerNamed(name);
    const score = (trial: Trial): number => trial.measurements.at(-1)?.reward ?? NaN;
    const decide = (trials: Trial[]) => scheduler(planFor(name, 9, 3), trials, score);
    expect(decide([...seen, ...repeats])).toEqual(decide(seen));
  });
});

/** From each pass through a bracket, no more trials come to a rung than Algorithm 1 says. */
function expectQuotas(trials: readonly Trial[], { brackets, fidelities, eta }: RungPlan): void {
  for (const [place, { trials: n, firstRung }] of brackets.entries()) {
    const members = trials.filter(({ bracket }) => bracket === place);
    for (let first = 0; first < members.length; first += n) {
      const pass = members.slice(first, first + n);
      for (const [i, fidelity] of fidelities.slice(firstRung).entries())
        expect(pass.filter(({ target }) => target >= fidelity).length).toBeLessThanOrEqual(
          Math.max(1, pass.length / eta ** i),
        );
    }
  }
}

/**
 * The scheduler, and with each promotion the check that it is among the best one in η of those that it is
 * compared with.
 */
function checked(scheduler: Scheduler): Scheduler {
  return (chosen, trials, score, most) => {
    const decision = scheduler(chosen, trials, score, most);
    if (decision.kind !== 'promote') return decision;
    const { bracket: place, target: fidelity, number } = trials[decision.trial]!;
    const { trials: n, firstRung } = chosen.brackets[place]!;
    const members = trials.filter(({ bracket }) => bracket === place);
    const begun = Math.floor(members.findIndex((trial) => trial.number === number) / n) * n;
    // Hyperband compares within one pass through the bracket, and knows its size; asha with whatever came to
    // the rung.
    const pass = scheduler === ashaScheduler ? members : members.slice(begun, begun + n);
    const rung = pass.filter(({ target }) => target >= fidelity);
    const i = chosen.fidelities.indexOf(decision.target) - firstRung;
    const places =
      scheduler === ashaScheduler ? rung.length / chosen.eta : Math.max(1, pass.length / chosen.eta ** i);
    const own = score(trials[number]!, fidelity);
    const better = rung.filter((trial) => {
      const theirs = score(trial, fidelity);
      return theirs > own || (theirs === own && trial.number < number);
    });
    expect(better.length).toBeLessThan(Math.floor(places));
    return decision;
  };
}

it('says which schedulers there are', () => {
  expect(() => schedulerNamed('pbt')).toThrow(InputError);
  expect(() => schedulerNamed('toString')).toThrow(
    'There is no scheduler toString: take hyperband, asha, none.',
  );
  expect(schedulerNamed('asha')(plan, [newTrial(0, 0, 1)], () => 0)).toEqual({
    kind: 'new',
    bracket: 1,
    target: 3,
  });
});
