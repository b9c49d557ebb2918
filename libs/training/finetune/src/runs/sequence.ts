/**
 * The protocol over any number of tasks, one phase each: train on the next task with schedule and optimiser
 * started anew, and after every phase ask all tasks whose head was trained. What comes out is the matrix of
 * accuracies R (Lopez-Paz and Ranzato 2017): R[i][j] on task j after phase i. For two tasks it is
 * `finetune.ts` number for number; a run goes from checkpoint to checkpoint likewise.
 */
import { join } from 'node:path';
import { fingerprint } from '@layerwise/artifacts';
import { startEngine, type Engine } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import { allFinite, CHECKPOINT_FILE, readCheckpointAs, writeCheckpoint } from '../phases/checkpoint.js';
import { evaluateTask } from '../phases/evaluate-task.js';
import { emptyHistory, type History } from '../phases/history.js';
import { askedTasks } from '../batches/mixture.js';
import { phaseSteps, startPhase, trainPhase, type StepReport } from '../phases/phase.js';
import { pullOfPhase } from '../methods/phase-pull.js';
import { trainSizes, type PreparedSequence } from './prepare.js';
import type { Settings } from '../settings.js';

/**
 * Accuracy on every task (column) after every phase (row); null where the task's head was not trained on that
 * encoder.
 */
export type AccuracyMatrix = readonly (readonly (number | null)[])[];

export interface SequenceOptions {
  readonly outputFolder: string;
  /** Steps between checkpoints; 0 writes one only when stopped and between the phases. */
  readonly checkpointEvery: number;
  /** Aborted to stop after the step or batch under way, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Phases count from 0. */
  onPhase(phase: number, steps: number, done: number): void;
  onStep(report: StepReport): void;
  readonly onWarning?: (warning: string) => void;
}

export type SequenceOutcome =
  | { readonly kind: 'complete'; readonly matrix: AccuracyMatrix; readonly history: History }
  /** `matrix` has the phases before. */
  | {
      readonly kind: 'diverged';
      readonly phase: number;
      readonly step: number;
      readonly matrix: AccuracyMatrix;
      readonly history: History;
    }
  | { readonly kind: 'stopped'; readonly phase: number; readonly step: number };

const placeSchema = z.object({
  fingerprint: z.string(),
  phase: z.int().nonnegative(),
  /** Steps of the phase that are done. */
  step: z.int().nonnegative(),
  /** Of the phases before. */
  matrix: z.array(z.array(z.number().nullable())),
});

/** Of a sequence's checkpoints and results: those of a pair with the same tasks are others. */
export function sequenceFingerprint(run: PreparedSequence): string {
  return fingerprint({ sequence: run.fingerprint });
}

/**
 * Runs or continues a sequence, freshly prepared, in `options.outputFolder`.
 * @throws InputError for a method that is made for two tasks; when the folder cannot be written or its
 * checkpoint is another run's
 */
export async function runSequence(
  run: PreparedSequence,
  settings: Settings,
  options: SequenceOptions,
): Promise<SequenceOutcome> {
  refuseMethodsOfPairs(run, settings);
  const engine = await startEngine(settings.engine, settings.provider, settings.threads);
  const { state, sequence } = run;
  const file = join(options.outputFolder, CHECKPOINT_FILE);
  const own = sequenceFingerprint(run);
  const restored = readCheckpointAs(placeSchema, file, state, own);
  const history = restored?.history ?? emptyHistory();
  const place = restored?.place ?? { fingerprint: own, phase: 0, step: 0, matrix: [] };
  const save = async (): Promise<void> => {
    if (allFinite(state.parameters.floats)) await writeCheckpoint(file, state, place, history);
  };

  for (; place.phase < sequence.length; place.phase++) {
    const { phase } = place;
    const steps = phaseSteps(settings, phase, trainSizes(run));
    options.onPhase(phase, steps, place.step);
    const { outputFolder: folder, signal, onWarning } = options;
    const pull = await pullOfPhase(engine, run, settings, phase, place.step, {
      folder,
      fingerprint: own,
      signal,
      ...(onWarning && { onWarning }),
    });
    const end = await trainPhase(
      engine,
      run,
      settings,
      phase,
      { from: place.step, until: steps, steps },
      history,
      {
        pull,
        afterStep: async (report) => {
          place.step = report.step + 1;
          options.onStep(report);
          if (place.step === steps) return false;
          const due = options.checkpointEvery > 0 && place.step % options.checkpointEvery === 0;
          if (signal.aborted || due) await save();
          return signal.aborted;
        },
      },
    );
    if (end.kind === 'stopped') return { kind: 'stopped', phase, step: place.step };
    const diverged = (step: number): SequenceOutcome => {
      return { kind: 'diverged', phase, step, matrix: place.matrix, history };
    };
    if (end.kind === 'diverged') return diverged(end.step);
    const accuracies = await accuraciesAfter(engine, run, settings, phase, signal);
    if (accuracies === 'stopped') {
      await save();
      return { kind: 'stopped', phase, step: place.step };
    }
    if (accuracies === 'diverged' || !allFinite(state.parameters.floats)) return diverged(steps);
    place.matrix.push(accuracies);
    if (phase + 1 === sequence.length) break;
    startPhase(run, settings);
    Object.assign(place, { step: 0 });
    const next = { ...place, phase: phase + 1 };
    await writeCheckpoint(file, state, next, history);
  }
  return { kind: 'complete', matrix: place.matrix, history };
}

/** One row of the matrix. */
async function accuraciesAfter(
  engine: Engine,
  run: PreparedSequence,
  settings: Settings,
  phase: number,
  signal: AbortSignal,
): Promise<(number | null)[] | 'diverged' | 'stopped'> {
  const asked = askedTasks(settings, phase);
  const accuracies: (number | null)[] = [];
  try {
    for (const [place, task] of run.sequence.entries()) {
      const evaluation = asked.includes(place)
        ? await evaluateTask(engine, run, settings, task, signal)
        : null;
      if (evaluation?.finite === false) return 'diverged';
      accuracies.push(evaluation?.accuracy ?? null);
    }
    return accuracies;
  } catch (error) {
    if (!signal.aborted) throw error;
    return 'stopped';
  }
}

function refuseMethodsOfPairs({ sequence }: PreparedSequence, { epochs, method }: Settings): void {
  if (epochs.original > 0 && epochs.shifted > 0) return;
  throw new InputError(
    `The method ${method?.name ?? 'without a name'} is made for two tasks and not for a sequence of ${sequence.length}; choose another --method.`,
  );
}
