/**
 * The state of a study as a pure function of its events: plain data, never changed in place. There is no
 * other way to it, so what is rebuilt from a journal is what was there.
 *
 *     proposed → waiting → started → running → measured → paused → promoted → waiting → …
 *                   ↑                 │  │ └→ measured at full fidelity → complete
 *                   └ stopped,resumed ┘  ├→ failed, diverged
 *                   started ← stale ←────┘   (a result of a stale trial, or of one that waits again, is taken too)
 */
import type { EventOf, Measurement, StudyEvent } from './events.js';
import { fullFidelity } from '../schedulers/hyperband.js';
import type { StudySettings } from './settings.js';
import type { Trial, TrialState } from './trial.js';

export interface StudyState {
  readonly settings: StudySettings;
  /** By number. */
  readonly trials: readonly Trial[];
  /** What the sampler left with its last proposal. */
  readonly memory: unknown;
  /** Steps that runs of the search took, and those of the repeats. */
  readonly spent: { readonly search: number; readonly repeats: number };
  /** Ends of runs as they came in: trial, and the fidelity that it reached or failed on the way to. */
  readonly order: readonly { readonly trial: number; readonly fidelity: number }[];
}

/** The state after all events. @throws Error at an impossible event */
export function rebuild(events: Iterable<StudyEvent>): StudyState | null {
  let state: StudyState | null = null;
  for (const event of events) state = applyEvent(state, event);
  return state;
}

/**
 * The state after one more event.
 * @param state null before the first event
 * @throws Error when the event cannot happen in that state; it names trial and state
 */
export function applyEvent(state: StudyState | null, event: StudyEvent): StudyState {
  if (event.type === 'created') {
    if (state !== null) throw new Error('a study is created once');
    const nothing = { search: 0, repeats: 0 };
    return { settings: event.settings, trials: [], memory: null, spent: nothing, order: [] };
  }
  if (state === null) throw new Error(`a study begins with "created", not with "${event.type}"`);
  switch (event.type) {
    case 'limited':
      return { ...state, settings: { ...state.settings, ...event.limits } };
    case 'proposed':
      return proposed(state, event);
    case 'promoted':
      return promoted(state, event);
    case 'started': {
      const trial = expected(state, event, ['waiting', 'stale']);
      return changed(state, { ...trial, state: 'running', attempts: trial.attempts + 1 });
    }
    case 'measured':
      return measured(state, event);
    case 'failed':
    case 'diverged': {
      const trial = underWay(state, event);
      const { type, message } = event;
      return ended(changed(state, { ...trial, state: type, message }), trial, event.steps);
    }
    case 'stale': {
      const trial = expected(state, event, ['running']);
      return changed(state, { ...trial, state: 'stale', message: event.reason });
    }
    case 'stopped':
      return changed(state, { ...expected(state, event, ['running']), state: 'waiting' });
    case 'resumed': {
      const trials = state.trials.map((trial): Trial =>
        trial.state === 'running' ? { ...trial, state: 'waiting' } : trial,
      );
      return { ...state, trials };
    }
    case 'checkpoint-kept': {
      const { fidelity, bytes } = event;
      const trial = existing(state, event);
      if (trial.attempts === 0) throw impossible(trial, event, 'it never ran');
      return changed(state, { ...trial, checkpoint: { fidelity, bytes } });
    }
    case 'checkpoint-dropped': {
      const trial = existing(state, event);
      if (trial.checkpoint === null) throw impossible(trial, event, 'it has no checkpoint');
      return changed(state, { ...trial, checkpoint: null });
    }
  }
}

function proposed(state: StudyState, event: EventOf<'proposed'>): StudyState {
  const { plan, space } = state.settings;
  const { type: _, trial: number, memory = state.memory, ...proposal } = event;
  const { values, origin, bracket, target, repeatOf } = proposal;
  const what = `trial ${number} cannot be proposed`;
  if (number !== state.trials.length)
    throw new Error(`${what}: the next one has the number ${state.trials.length}`);
  if (values.length !== space.names.length)
    throw new Error(`${what}: it has ${values.length} values of ${space.names.length}`);
  if (!plan.fidelities.includes(target)) throw new Error(`${what}: ${target} is no rung`);
  if (bracket >= plan.brackets.length) throw new Error(`${what}: there is no bracket ${bracket}`);
  if ((repeatOf === null) !== (origin !== 'repeat'))
    throw new Error(`${what}: a repeat, and nothing else, names the trial that it repeats`);
  if (repeatOf !== null && state.trials[repeatOf]?.repeatOf !== null)
    throw new Error(`${what}: ${repeatOf} is no trial of the search`);
  const trial: Trial = {
    number,
    ...proposal,
    state: 'waiting',
    measurements: [],
    checkpoint: null,
    attempts: 0,
    message: null,
  };
  return { ...state, trials: [...state.trials, trial], memory };
}

function promoted(state: StudyState, event: EventOf<'promoted'>): StudyState {
  const trial = expected(state, event, ['paused']);
  const { target } = event;
  if (!state.settings.plan.fidelities.includes(target) || target <= trial.target)
    throw impossible(trial, event, `${target} is no rung above ${trial.target}`);
  return changed(state, { ...trial, state: 'waiting', target });
}

function measured(state: StudyState, event: EventOf<'measured'>): StudyState {
  const trial = underWay(state, event);
  const { fidelity, reward, measures, steps, seconds } = event;
  if (fidelity !== trial.target)
    throw impossible(trial, event, `it was to reach fidelity ${trial.target}, not ${fidelity}`);
  const measurement: Measurement = { fidelity, reward, measures, steps, seconds };
  const kept = event.checkpoint === undefined ? {} : { checkpoint: { fidelity, bytes: event.checkpoint } };
  const after = changed(state, {
    ...trial,
    ...kept,
    state: fidelity === fullFidelity(state.settings.plan) ? 'complete' : 'paused',
    measurements: [...trial.measurements, measurement],
    message: null,
  });
  return ended(after, trial, steps);
}

/** Notes the end of a trial's run, and what it took. */
function ended(state: StudyState, { number, target, repeatOf }: Trial, steps: number): StudyState {
  const { search, repeats } = state.spent;
  const spent =
    repeatOf === null ? { search: search + steps, repeats } : { search, repeats: repeats + steps };
  return { ...state, spent, order: [...state.order, { trial: number, fidelity: target }] };
}

function changed(state: StudyState, trial: Trial): StudyState {
  return { ...state, trials: state.trials.with(trial.number, trial) };
}

type TrialEvent = Extract<StudyEvent, { trial: number }>;

/** The trial of a result: running, or lost from sight after it had begun. */
function underWay(state: StudyState, event: TrialEvent): Trial {
  const trial = expected(state, event, ['running', 'stale', 'waiting']);
  if (trial.attempts === 0) throw impossible(trial, event, 'it never ran');
  return trial;
}

function expected(state: StudyState, event: TrialEvent, states: readonly TrialState[]): Trial {
  const trial = existing(state, event);
  if (!states.includes(trial.state)) throw impossible(trial, event);
  return trial;
}

function existing(state: StudyState, event: TrialEvent): Trial {
  const trial = state.trials[event.trial];
  if (trial === undefined) throw new Error(`there is no trial ${event.trial}, so it cannot be ${event.type}`);
  return trial;
}

function impossible(trial: Trial, event: TrialEvent, why?: string): Error {
  const state = `trial ${trial.number} is ${trial.state}`;
  return new Error(`${state}, so it cannot be ${event.type}${why === undefined ? '' : `: ${why}`}`);
}
