/**
 * The one driver of phases: trains one task after another, evaluates after each phase, keeps checkpoints,
 * stops and diverges. Two tasks (`finetune.ts`), any number of them (`sequence.ts`) and a trial of a search
 * at a rung (`run-rung.ts`) are its spans, its store of checkpoints and a reading of its end.
 *
 * A run goes from checkpoint to checkpoint: killed at any moment, the same call continues it to the same
 * bits.
 */
import { pullOfPhase } from '../methods/phase-pull.js';
import { askedTasks } from '../batches/mixture.js';
import type { EvaluatedSplit } from '../runs/prepare.js';
import type { Settings } from '../settings.js';
import { allFinite } from './checkpoint.js';
import type { Evaluation } from './evaluate.js';
import { evaluateTask } from './evaluate-task.js';
import { emptyHistory, type History } from './history.js';
import { phaseSteps } from './phase-rates.js';
import { startPhase, trainPhase, type StepReport, type Training } from './phase.js';

/** A phase, from its first step on, and what is asked after it. */
export interface PhaseSpan {
  /** Which task is trained, counted from 0. */
  readonly phase: number;
  /** The step before which training ends: below `steps` the schedule is cut off there. */
  readonly until: number;
  /** Steps of the whole schedule. */
  readonly steps: number;
  /** What is evaluated after it, in this order. */
  readonly asked: readonly AskedSplit[];
  /** Whether the checkpoint of its last step stays, for a later run that trains it further. */
  readonly keepsEnd?: boolean;
}

/** A task, counted from 0, on its dev split or on another one. */
export interface AskedSplit {
  readonly task: number;
  readonly split?: EvaluatedSplit;
}

/** Accuracy of each task on its dev split; null where it was not asked. */
export type Accuracies = readonly (number | null)[];

/** Where a run stands. */
export interface PhasePlace {
  readonly phase: number;
  /** Steps of the phase that are done. */
  readonly step: number;
  /** After each phase that is over. */
  readonly accuracies: readonly Accuracies[];
  readonly seconds: {
    /** By phase. */
    readonly training: readonly number[];
    readonly evaluation: number;
  };
}

/** Where checkpoints lie, and in which form. */
export interface PhaseStore {
  /** The run's own; what a phase leaves for the next ones lies there too. */
  readonly folder: string;
  /** Of what decides the weights in a phase. */
  fingerprintOf(phase: number): string;
  /** Puts the furthest checkpoint back into the run's state; null where there is none. */
  restore(): { readonly place: PhasePlace; readonly history: History } | null;
  save(place: PhasePlace, history: History): Promise<void>;
}

export interface PhaseEvents {
  /** Steps between checkpoints; 0 writes one only when stopped and between the phases. */
  readonly checkpointEvery: number;
  /** Aborted to stop after the step or batch under way, with a checkpoint. */
  readonly signal: AbortSignal;
  readonly onPhase?: (phase: number, steps: number, done: number) => void;
  readonly onStep: (report: StepReport & { readonly phase: number }) => void;
  /** While Fisher information is taken between the phases. */
  readonly onFisher?: ((done: number, texts: number) => void) | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
  /**
   * Awaited with the evaluations after every phase but the last one: a continued run does not repeat them.
   */
  readonly betweenPhases?: (evaluations: readonly Evaluation[]) => Promise<void>;
}

export type PhasesEnd =
  | {
      readonly kind: 'complete';
      /** With the accuracies after the last phase. */
      readonly place: PhasePlace;
      /** After the last phase. */
      readonly evaluations: readonly Evaluation[];
      readonly history: History;
    }
  | {
      readonly kind: 'diverged';
      readonly place: PhasePlace;
      /** The step of the phase whose loss is no number, or `until` where an evaluation gives none. */
      readonly step: number;
      readonly history: History;
    }
  | { readonly kind: 'stopped'; readonly place: PhasePlace };

/** A phase to the end of its schedule, and after it every task that the encoder can be asked. */
export function wholePhase(settings: Settings, phase: number, sizes: readonly number[]): PhaseSpan {
  const steps = phaseSteps(settings, phase, sizes);
  return { phase, until: steps, steps, asked: askedTasks(settings, phase).map((task) => ({ task })) };
}

/**
 * Runs or continues the phases of a run, freshly prepared.
 * @throws InputError when the folder cannot be written or what lies there is another run's
 */
export async function runPhases(
  training: Training,
  spans: readonly PhaseSpan[],
  store: PhaseStore,
  events: PhaseEvents,
): Promise<PhasesEnd> {
  const { run, settings } = training;
  const { signal, checkpointEvery } = events;
  const restored = store.restore();
  const history = restored?.history ?? emptyHistory();
  let evaluations: readonly Evaluation[] = [];
  let place: PhasePlace = restored?.place ?? {
    phase: spans[0]?.phase ?? 0,
    step: 0,
    accuracies: [],
    seconds: { training: run.sequence.map(() => 0), evaluation: 0 },
  };
  const save = async (): Promise<void> => {
    if (allFinite(run.state.parameters.floats)) await store.save(place, history);
  };
  const timeTraining = (phase: number, seconds: number): void => {
    place = {
      ...place,
      seconds: { ...place.seconds, training: place.seconds.training.with(phase, seconds) },
    };
  };
  /** What `work` gives, or null when the run was stopped meanwhile. */
  const unlessStopped = async <T>(work: () => Promise<T>): Promise<{ readonly value: T } | null> => {
    try {
      return { value: await work() };
    } catch (error) {
      if (!signal.aborted) throw error;
      return null;
    }
  };
  const evaluate = async (asked: readonly AskedSplit[]): Promise<Evaluation[]> => {
    const seconds = stopwatch(place.seconds.evaluation);
    const found: Evaluation[] = [];
    for (const { task, split } of asked) {
      found.push(await evaluateTask(training, run.sequence[task]!, signal, split));
      place = { ...place, seconds: { ...place.seconds, evaluation: seconds() } };
    }
    return found;
  };

  const first = spans.findIndex(({ phase }) => phase === place.phase);
  for (const { phase, until, steps, asked, keepsEnd = false } of spans.slice(first)) {
    const seconds = stopwatch(place.seconds.training[phase]!);
    // The step that a phase goes on from has its checkpoint already.
    const pull = await unlessStopped(() =>
      pullOfPhase(training, phase, place.step, {
        folder: store.folder,
        fingerprint: store.fingerprintOf(phase),
        signal,
        onWarning: events.onWarning,
        onTexts: events.onFisher,
      }),
    );
    if (pull === null) return { kind: 'stopped', place };
    events.onPhase?.(phase, steps, place.step);
    const end = await trainPhase(training, {
      phase,
      span: { from: place.step, until, steps },
      history,
      pull: pull.value,
      afterStep: async (report) => {
        place = { ...place, step: report.step + 1 };
        timeTraining(phase, seconds());
        events.onStep({ ...report, phase });
        const isLast = place.step === until;
        const isDue = checkpointEvery > 0 && place.step % checkpointEvery === 0;
        // After the last step come the evaluations, and a checkpoint where these are stopped.
        if (isLast ? keepsEnd : signal.aborted || isDue) await save();
        return signal.aborted && !isLast;
      },
    });
    timeTraining(phase, seconds());
    if (end.kind === 'stopped') return { kind: 'stopped', place };
    if (end.kind === 'diverged') return { kind: 'diverged', place, step: end.step, history };

    const evaluated = await unlessStopped(() => evaluate(asked));
    if (evaluated === null) {
      await save();
      return { kind: 'stopped', place };
    }
    evaluations = evaluated.value;
    // Weights that no text reads may be no numbers either.
    if (!evaluations.every(({ finite }) => finite) || !allFinite(run.state.parameters.floats))
      return { kind: 'diverged', place, step: until, history };
    const found = evaluations;
    const accuracies = run.sequence.map(
      (_, task) => found[asked.findIndex((one) => one.task === task)]?.accuracy ?? null,
    );
    const next = spans[spans.findIndex((span) => span.phase === phase) + 1];
    if (next) await events.betweenPhases?.(evaluations);
    place = { ...place, accuracies: [...place.accuracies, accuracies] };
    if (!next) break;
    startPhase(run, settings);
    place = { ...place, phase: next.phase, step: 0 };
    if (!keepsEnd) await save();
  }
  return { kind: 'complete', place, evaluations, history };
}

/** Tells the seconds since its making, on top of those of an earlier run. */
function stopwatch(before: number): () => number {
  const started = performance.now();
  return () => before + (performance.now() - started) / 1000;
}
