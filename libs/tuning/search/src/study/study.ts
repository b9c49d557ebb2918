/**
 * A study: ask it what to run next, tell it what came out. All that it knows is its state (`state.ts`), which
 * changes by events alone; each is in the journal, on the disk, before anything acts on it. What to do next
 * is `next-step.ts`.
 *
 * Opened again with its journal, a study goes on as if it had never been closed: its state is rebuilt,
 * whatever was running waits to be run again, and since proposals are functions of state, seed and trial
 * number, the next ones are the same.
 */
import { InputError } from '@layerwise/errors';
import { bestTrial, type BestTrial } from './best.js';
import { nextStep, type Deciders } from './next-step.js';
import { parseEvent, type StudyEvent } from './events.js';
import type { Journal } from '../journal/journal.js';
import { readJournalFile } from '../journal/journal-file.js';
import { costOf, isUnderWay } from './observe.js';
import { firstDifference, limitsOf, type StudySettings } from './settings.js';
import type { Value } from '../space/space.js';
import { applyEvent, type StudyState } from './state.js';
import type { Trial } from './trial.js';

/** What a worker is to do. */
export type Instruction =
  | {
      readonly kind: 'run';
      readonly trial: number;
      /** In the order of the space. */
      readonly values: readonly Value[];
      /** To reach. */
      readonly fidelity: number;
      /** Where the trial's checkpoint stands; 0: there is none. */
      readonly from: number;
      readonly seed: number;
    }
  /** Ask again when a running trial was told. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'done'; readonly reason: string };

/** What a run to a rung gave. */
interface Report {
  /** Maximised; one that is not finite makes the trial a diverged one, and nothing else does. */
  readonly reward: number;
  readonly fidelity: number;
  /** Those that are not finite are not kept. */
  readonly measures?: Readonly<Record<string, number>>;
  /** Left out, or no finite number from 0 on: what the run costs by the study's own count. */
  readonly steps?: number;
  readonly seconds?: number;
  /** Bytes of the checkpoint that the run left at this fidelity: neither is noted without the other. */
  readonly checkpoint?: number;
}

/** What a run that gave nothing took. */
type Effort = Pick<Report, 'steps' | 'seconds'>;

export interface Study {
  readonly state: StudyState;
  ask(): Instruction;
  /**
   * Takes a result, be it late. @returns false when the trial had ended at that rung before (a run that was
   * thought lost, and its successor, both report) @throws InputError when that run was not asked for
   */
  tell(trial: number, report: Report): boolean;
  /** As `tell`: the run failed, or gave no number. */
  fail(trial: number, kind: 'failed' | 'diverged', message: string, effort?: Effort): boolean;
  /** Nothing is heard of a run: another may take the trial. Nothing when it has ended. @throws InputError */
  stale(trial: number, reason: string): void;
  /** A run was asked to stop; its steps count with the run that goes on. Nothing when it has ended. */
  stop(trial: number): void;
  keepCheckpoint(trial: number, fidelity: number, bytes: number): void;
  dropCheckpoint(trial: number): void;
  best(): BestTrial | null;
  /** Gives the journal back. */
  close(): void;
}

/**
 * Begins a study, or continues the one of the journal, which is closed when that fails.
 * @throws InputError when the journal is another study's, or damaged
 */
export function openStudy(journal: Journal, settings: StudySettings, deciders: Deciders): Study {
  try {
    const state = replay(journal.read(), journal.name);
    const now = state === null ? begin(settings, journal) : resume(state, settings, journal);
    return studyOf(now, deciders, journal);
  } catch (error) {
    journal.close();
    throw error;
  }
}

/** The state that a journal's events lead to; null for none. @throws InputError naming the line at fault */
export function replay(events: readonly unknown[], journal: string): StudyState | null {
  let state: StudyState | null = null;
  for (const [i, event] of events.entries()) {
    const where = `${journal}, line ${i + 1}`;
    const parsed = parseEvent(event, where);
    try {
      state = applyEvent(state, parsed);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new InputError(`${where} does not follow from those before (${why}): the journal was changed.`);
    }
  }
  return state;
}

/**
 * The state that a journal's file tells, also while a search writes it: nothing is locked or changed. Null
 * where it has no line yet. @throws InputError where it cannot be read, or is damaged or no journal
 */
export function readStudy(file: string): StudyState | null {
  return replay(readJournalFile(file), file);
}

function begin(settings: StudySettings, journal: Journal): StudyState {
  const event = { type: 'created', version: 1, settings } as const;
  journal.append(event);
  return applyEvent(null, event);
}

function resume(state: StudyState, settings: StudySettings, journal: Journal): StudyState {
  const different = firstDifference(state.settings, settings);
  if (different !== undefined)
    throw new InputError(
      `${journal.name} is the journal of another study (${different}): give the same settings, or another journal.`,
    );
  const events: StudyEvent[] = [];
  const limits = limitsOf(settings);
  if (JSON.stringify(limits) !== JSON.stringify(limitsOf(state.settings)))
    events.push({ type: 'limited', limits });
  if (state.trials.some((trial) => trial.state === 'running')) events.push({ type: 'resumed' });
  for (const event of events) journal.append(event);
  return events.reduce(applyEvent, state);
}

function studyOf(begun: StudyState, deciders: Deciders, journal: Journal): Study {
  let state = begun;
  /** First what is possible, then the disk, then memory: an event that cannot be written has not happened. */
  const happen = (event: StudyEvent): void => {
    const next = applyEvent(state, event);
    journal.append(event);
    state = next;
  };
  const finish = (event: StudyEvent & { trial: number }, fidelity?: number): boolean => {
    if (!awaits(state, event.trial, fidelity)) return false;
    happen(event);
    return true;
  };
  const ifRunning = (event: StudyEvent & { trial: number }): void => {
    if (knownTrial(state, event.trial).state === 'running') happen(event);
  };
  const effortOf = (trial: number, { steps, seconds }: Effort) => ({
    steps: amount(steps) ?? costOf(state, knownTrial(state, trial), deciders.cost),
    seconds: amount(seconds) ?? 0,
  });
  return {
    get state() {
      return state;
    },
    ask() {
      for (;;) {
        const next = nextStep(state, deciders);
        if (next.type === 'wait') return { kind: 'wait' };
        if (next.type === 'done') return { kind: 'done', reason: next.reason };
        happen(next);
        if (next.type !== 'started') continue;
        const { values, target, seed } = knownTrial(state, next.trial);
        return { kind: 'run', trial: next.trial, values, fidelity: target, from: next.from, seed };
      }
    },
    tell(trial, { reward, fidelity, measures = {}, checkpoint, ...effort }) {
      if (!Number.isFinite(reward)) return this.fail(trial, 'diverged', `reward is ${reward}`, effort);
      const kept = checkpoint === undefined ? {} : { checkpoint };
      const result = { trial, fidelity, reward, measures: finiteOf(measures), ...kept };
      return finish({ type: 'measured', ...result, ...effortOf(trial, effort) }, fidelity);
    },
    fail: (trial, kind, message, effort = {}) =>
      finish({ type: kind, trial, message, ...effortOf(trial, effort) }),
    stale: (trial, reason) => ifRunning({ type: 'stale', trial, reason }),
    stop: (trial) => ifRunning({ type: 'stopped', trial }),
    keepCheckpoint: (trial, fidelity, bytes) => happen({ type: 'checkpoint-kept', trial, fidelity, bytes }),
    dropCheckpoint: (trial) => happen({ type: 'checkpoint-dropped', trial }),
    best: () => bestTrial(state),
    close: () => journal.close(),
  };
}

/** Whether a result of the trial (for that fidelity) is still awaited. */
function awaits(state: StudyState, number: number, fidelity?: number): boolean {
  const trial = knownTrial(state, number);
  if (trial.attempts === 0) throw new InputError(`Trial ${number} was not asked for yet.`);
  if (trial.measurements.some((one) => one.fidelity === fidelity) || !isUnderWay(trial)) return false;
  if (fidelity === undefined || fidelity === trial.target) return true;
  throw new InputError(`Trial ${number} is to reach fidelity ${trial.target}, not ${fidelity}.`);
}

function knownTrial(state: StudyState, number: number): Trial {
  const trial = state.trials[number];
  if (trial !== undefined) return trial;
  const last = state.trials.length - 1;
  const which = last < 0 ? 'none was asked for yet' : `they are numbered 0 to ${last}`;
  throw new InputError(`There is no trial ${number}: ${which}.`);
}

/** A journal is JSON, which has no other numbers. */
function finiteOf(measures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).filter(([, number]) => Number.isFinite(number)));
}

/** Undefined for what cannot have been taken: with it no journal could be read again. */
function amount(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}
