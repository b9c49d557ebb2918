/**
 * The protocol over any number of tasks, one phase each: train on the next task with schedule and optimiser
 * started anew, and after every phase ask all tasks whose head was trained. What comes out is the matrix of
 * accuracies R (Lopez-Paz and Ranzato 2017): R[i][j] on task j after phase i. For two tasks it is
 * `finetune.ts` number for number; `run-phases.ts` drives both.
 */
import { join } from 'node:path';
import { fingerprint } from '@layerwise/artifacts';
import { startEngine } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import { z } from 'zod';
import { CHECKPOINT_FILE, readCheckpoint, runCheckpoint, writeCheckpoint } from '../phases/checkpoint.js';
import type { History } from '../phases/history.js';
import {
  runPhases,
  wholePhase,
  type Accuracies,
  type PhaseEvents,
  type PhaseStore,
} from '../phases/run-phases.js';
import type { Settings } from '../settings.js';
import { trainSizes, type PreparedSequence } from './prepare.js';

/**
 * Accuracy on every task (column) after every phase (row); null where the task's head was not trained on that
 * encoder.
 */
export type AccuracyMatrix = readonly Accuracies[];

export interface SequenceOptions extends Omit<PhaseEvents, 'betweenPhases'> {
  readonly outputFolder: string;
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

export const SEQUENCE_CHECKPOINT = runCheckpoint(
  z.object({
    fingerprint: z.string(),
    phase: z.int().nonnegative(),
    /** Steps of the phase that are done. */
    step: z.int().nonnegative(),
    /** Of the phases before. */
    matrix: z.array(z.array(z.number().nullable())),
  }),
);

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
  { outputFolder: folder, ...events }: SequenceOptions,
): Promise<SequenceOutcome> {
  refuseMethodsOfPairs(run, settings);
  const engine = await startEngine(settings.engine, settings);
  const sizes = trainSizes(run);
  const spans = run.sequence.map((_, phase) => wholePhase(settings, phase, sizes));
  const file = join(folder, CHECKPOINT_FILE);
  const fingerprint = sequenceFingerprint(run);
  const store: PhaseStore = {
    folder,
    fingerprintOf: () => fingerprint,
    restore: () => {
      const restored = readCheckpoint(SEQUENCE_CHECKPOINT, file, run.state, fingerprint);
      if (restored === null) return null;
      const { phase, step, matrix } = restored.place;
      const seconds = { training: run.sequence.map(() => 0), evaluation: 0 };
      return { place: { phase, step, accuracies: matrix, seconds }, history: restored.columns };
    },
    save: ({ phase, step, accuracies }, history) => {
      const place = { fingerprint, phase, step, matrix: accuracies.map((row) => [...row]) };
      return writeCheckpoint(SEQUENCE_CHECKPOINT, file, run.state, place, history);
    },
  };
  const end = await runPhases({ engine, run, settings }, spans, store, events);
  const { phase, step, accuracies: matrix } = end.place;
  if (end.kind === 'stopped') return { kind: 'stopped', phase, step };
  const { history } = end;
  return end.kind === 'diverged'
    ? { kind: 'diverged', phase, step: end.step, matrix, history }
    : { kind: 'complete', matrix, history };
}

function refuseMethodsOfPairs({ sequence }: PreparedSequence, { epochs, method }: Settings): void {
  if (epochs.original > 0 && epochs.shifted > 0) return;
  throw new InputError(
    `The method ${method?.name ?? 'without a name'} is made for two tasks and not for a sequence of ${sequence.length}; choose another --method.`,
  );
}
