/** Any course that a study can take, prefix by prefix; and courses that it cannot take. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, type StudyEvent } from './events.js';
import { parseSettings } from './settings.js';
import { applyEvent, rebuild, type StudyState } from './state.js';
import { TRIAL_STATES, type Trial } from './trial.js';

const settings = parseSettings({
  space: { names: ['x', 'kind'], parameters: [{ type: 'float', low: 0, high: 1 }, choices('a', 'b')] },
  sampler: 'random',
  scheduler: 'asha',
  plan: { eta: 3, fidelities: [1, 3, 9], brackets: [bracket(0, 9), bracket(1, 5), bracket(2, 3)] },
  seed: 1,
  trials: null,
  budget: null,
  maxFailures: null,
});
const created: StudyEvent = { type: 'created', version: 1, settings };

function choices(...values: string[]) {
  return { type: 'categorical' as const, choices: values };
}
function bracket(firstRung: number, trials: number) {
  return { firstRung, trials };
}

/** All events that may come next, for each trial one of each type. */
function possible(state: StudyState, n: number): StudyEvent[] {
  const proposal = {
    type: 'proposed' as const,
    trial: state.trials.length,
    values: [n / 7, n % 2 === 0 ? 'a' : 'b'],
    bracket: n % 3,
    seed: n,
    memory: n % 4 === 0 ? { scales: [n] } : undefined,
    target: settings.plan.fidelities[n % 3]!,
  };
  const first = state.trials.find((trial) => trial.repeatOf === null);
  return [
    { ...proposal, origin: 'random', repeatOf: null },
    ...(first === undefined
      ? []
      : [{ ...proposal, origin: 'repeat' as const, repeatOf: first.number, memory: undefined }]),
    { type: 'resumed' },
    ...state.trials.flatMap((trial) => possibleOf(trial, n)),
  ];
}

function possibleOf({ number: trial, state, attempts, target, checkpoint }: Trial, n: number): StudyEvent[] {
  const [steps, seconds] = [n % 5, n / 3];
  const result = { type: 'measured' as const, trial, reward: Math.sin(n), measures: { shifted: n }, steps };
  const end = { trial, message: `because ${n}`, steps, seconds };
  const events: StudyEvent[] = [];
  if (state === 'waiting' || state === 'stale') events.push({ type: 'started', trial, from: 0 });
  if (['running', 'stale', 'waiting'].includes(state) && attempts > 0)
    events.push(
      { ...result, fidelity: target, seconds, ...(n % 2 === 0 && { checkpoint: n }) },
      { type: 'failed', ...end },
      { type: 'diverged', ...end },
    );
  if (state === 'running')
    events.push({ type: 'stale', trial, reason: 'silence' }, { type: 'stopped', trial });
  if (state === 'paused')
    for (const rung of settings.plan.fidelities)
      if (rung > target) events.push({ type: 'promoted', trial, target: rung });
  if (attempts > 0) events.push({ type: 'checkpoint-kept', trial, fidelity: target, bytes: n });
  if (checkpoint !== null) events.push({ type: 'checkpoint-dropped', trial });
  return events;
}

/** A course: random numbers that choose among what is possible. */
const course = fc.array(fc.nat(1000), { maxLength: 60 }).map((numbers) => {
  const events: StudyEvent[] = [created];
  let state = applyEvent(null, created);
  for (const n of numbers) {
    const events_ = possible(state, n);
    const event = events_[n % events_.length]!;
    events.push(event);
    state = applyEvent(state, event);
  }
  return events;
});

describe('any course', () => {
  it('rebuilds from the text of any prefix to the state that grew event by event', () => {
    fc.assert(
      fc.property(course, (events) => {
        const read: StudyEvent[] = [];
        let state: StudyState | null = null;
        for (const event of events) {
          const before = JSON.stringify(state);
          const next: StudyState = applyEvent(state, deepFrozen(event));
          expect(JSON.stringify(state)).toBe(before);
          state = deepFrozen(next);
          read.push(parseEvent(JSON.parse(JSON.stringify(event)), 'line'));
          expect(rebuild(read)).toEqual(state);
          expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('counts each step once, and leaves no trial in a state that its measurements contradict', () => {
    fc.assert(
      fc.property(course, (events) => {
        const state = rebuild(events)!;
        const steps = events.reduce((sum, event) => sum + ('steps' in event ? event.steps : 0), 0);
        expect(state.spent.search + state.spent.repeats).toBeCloseTo(steps, 9);
        const measured = state.trials.flatMap((trial) => trial.measurements.map((one) => one.steps));
        const failures = events.filter(({ type }) => type === 'failed' || type === 'diverged');
        const inFailures = failures.map((event) => ('steps' in event ? event.steps : 0));
        expect([...measured, ...inFailures].reduce((a, b) => a + b, 0)).toBeCloseTo(steps, 9);
        for (const trial of state.trials) {
          const reached = trial.measurements.map((one) => one.fidelity);
          expect(reached).toEqual([...new Set(reached)].sort((a, b) => a - b));
          expect(TRIAL_STATES).toContain(trial.state);
          expect(trial.state === 'complete').toBe(reached.at(-1) === 9);
          if (trial.state === 'paused') expect(reached.at(-1)).toBe(trial.target);
          if (['waiting', 'running', 'stale', 'failed', 'diverged'].includes(trial.state))
            expect(reached).not.toContain(trial.target);
        }
        const ends = events.filter(({ type }) => ['measured', 'failed', 'diverged'].includes(type));
        expect(state.order.map(({ trial }) => trial)).toEqual(ends.map((e) => ('trial' in e ? e.trial : -1)));
      }),
      { numRuns: 100 },
    );
  });

  it('an event that is not possible is refused, and says of which trial in which state', () => {
    fc.assert(
      fc.property(course, fc.nat(12), fc.constantFrom(1, 3, 9), (events, trial, fidelity) => {
        const state = rebuild(events)!;
        const result = { fidelity, reward: 1, measures: {}, steps: 1, seconds: 1 };
        const those: StudyEvent[] = [
          { type: 'started', trial, from: 0 },
          { type: 'promoted', trial, target: fidelity },
          { type: 'measured', trial, ...result },
          { type: 'failed', trial, message: '', steps: 0, seconds: 0 },
          { type: 'stale', trial, reason: '' },
          { type: 'stopped', trial },
          { type: 'checkpoint-dropped', trial },
        ];
        const of = state.trials[trial];
        const allowed = of === undefined ? [] : possibleOf(of, 0);
        for (const event of those) {
          const same = (other: StudyEvent) =>
            other.type === event.type &&
            (other.type !== 'measured' || other.fidelity === fidelity) &&
            (other.type !== 'promoted' || other.target === fidelity);
          if (allowed.some(same)) expect(() => applyEvent(state, event)).not.toThrow();
          else if (of === undefined)
            expect(() => applyEvent(state, event)).toThrow(`there is no trial ${trial}`);
          else
            expect(() => applyEvent(state, event)).toThrow(
              `trial ${trial} is ${of.state}, so it cannot be ${event.type}`,
            );
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('one course, by hand', () => {
  const proposal: StudyEvent = {
    type: 'proposed',
    trial: 0,
    values: [0.5, 'a'],
    origin: 'random',
    bracket: 0,
    target: 1,
    seed: 7,
    repeatOf: null,
    memory: { fitted: 1 },
  };
  const result = {
    type: 'measured' as const,
    trial: 0,
    reward: 1.5,
    measures: { original: 0.7 },
    seconds: 2,
  };
  const events: StudyEvent[] = [
    created,
    proposal,
    { type: 'started', trial: 0, from: 0 },
    { type: 'stale', trial: 0, reason: 'no heartbeat for 60 s' },
    { type: 'started', trial: 0, from: 0 },
    { type: 'stopped', trial: 0 },
    { type: 'resumed' },
    // The first worker was alive after all.
    { ...result, fidelity: 1, steps: 10 },
    { type: 'checkpoint-kept', trial: 0, fidelity: 1, bytes: 100 },
    { type: 'promoted', trial: 0, target: 9 },
    { type: 'started', trial: 0, from: 1 },
    { ...result, fidelity: 9, steps: 80 },
  ];

  it('takes the late result of a stale trial, whose steps are those of the rung however often it was stopped', () => {
    const state = rebuild(events)!;
    expect(state.trials[0]).toMatchObject({ state: 'complete', attempts: 3, target: 9, message: null });
    expect(state.trials[0]!.measurements.map(({ fidelity, steps }) => [fidelity, steps])).toEqual([
      [1, 10],
      [9, 80],
    ]);
    expect(state.spent).toEqual({ search: 90, repeats: 0 });
    expect(state.memory).toEqual({ fitted: 1 });
    expect(state.order).toEqual([
      { trial: 0, fidelity: 1 },
      { trial: 0, fidelity: 9 },
    ]);
  });

  it('refuses what cannot be', () => {
    const state = rebuild(events)!;
    expect(() => applyEvent(state, { ...result, fidelity: 9, steps: 1 })).toThrow(
      'trial 0 is complete, so it cannot be measured',
    );
    expect(() => applyEvent(state, proposal)).toThrow(
      'trial 0 cannot be proposed: the next one has the number 1',
    );
    const next = { ...proposal, trial: 1 };
    expect(() => applyEvent(state, { ...next, values: [1] })).toThrow('it has 1 values of 2');
    expect(() => applyEvent(state, { ...next, target: 2 })).toThrow('2 is no rung');
    expect(() => applyEvent(state, { ...next, bracket: 3 })).toThrow('there is no bracket 3');
    expect(() => applyEvent(state, { ...next, repeatOf: 0 })).toThrow('a repeat, and nothing else');
    expect(() => applyEvent(state, { ...next, origin: 'repeat', repeatOf: 1 })).toThrow('1 is no trial');
    expect(() => applyEvent(state, created)).toThrow('created once');
    expect(() => applyEvent(null, proposal)).toThrow('begins with "created"');
  });

  it('moves limits and nothing else', () => {
    const limits = { trials: 5, budget: 100, maxFailures: 0 };
    const state = rebuild([created, { type: 'limited', limits }])!;
    expect(state.settings).toEqual({ ...settings, ...limits });
  });
});

it('an event of another version is refused with its line', () => {
  expect(() => parseEvent({ type: 'teleported', trial: 1 }, 'study.jsonl, line 4')).toThrow(
    'study.jsonl, line 4 was written by a newer layerwise (it has the event teleported)',
  );
  expect(() => parseEvent({ type: 'started', trial: -1, from: 0 }, 'line 2')).toThrow('trial:');
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFrozen);
  }
  return value;
}
