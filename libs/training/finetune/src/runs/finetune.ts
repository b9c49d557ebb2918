/**
 * The sequential protocol (`paper` section 3; Kenneweg et al. 2022): train on the original task D_o, evaluate
 * it, train on the shifted task D_s with schedule and optimiser started anew, evaluate both. The head of D_o
 * stands still in phase 2. A phase of 0 epochs is left out, and so is every evaluation of the head that it
 * would have trained: all else being equal, that is the baseline without D_o, or D_o alone. What a method
 * changes of this is in the files that `phase.ts` puts together; `run-phases.ts` drives it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '@layerwise/engine';
import { removeAfterOriginal } from '../methods/phase-pull.js';
import { CHECKPOINT_FILE } from '../phases/checkpoint.js';
import type { Evaluation } from '../phases/evaluate.js';
import type { History } from '../phases/history.js';
import type { StepReport } from '../phases/phase.js';
import { runPhases, wholePhase, type PhaseEvents, type PhaseStore } from '../phases/run-phases.js';
import { removeBetween } from '../results/drift.js';
import { PHASES, type Phase, type Settings } from '../settings.js';
import { readPairCheckpoint, writePairCheckpoint } from './pair-checkpoint.js';
import { trainSizes, type PreparedRun } from './prepare.js';

export interface RunOptions extends Omit<PhaseEvents, 'onPhase' | 'onStep' | 'betweenPhases'> {
  readonly outputFolder: string;
  readonly onPhase: (phase: Phase, steps: number, done: number) => void;
  readonly onStep: (report: StepReport & { readonly phase: Phase }) => void;
  /** Keeps the evaluation of the original task between the phases: a continued run does not do it again. */
  readonly saveBefore: (evaluation: Evaluation) => Promise<void>;
}

export interface Seconds {
  readonly original: number;
  readonly shifted: number;
  readonly evaluation: number;
}

/** What a run came to. */
export type RunOutcome =
  | {
      readonly kind: 'complete';
      /** Null where one of the phases has no epochs: there is no "before". */
      readonly accuracyOriginalBefore: number | null;
      /** Null where the encoder, as it is in the end, was not trained with that head. */
      readonly original: Evaluation | null;
      readonly shifted: Evaluation | null;
      readonly history: History;
      readonly seconds: Seconds;
    }
  | {
      readonly kind: 'diverged';
      readonly phase: Phase;
      readonly step: number;
      readonly accuracyOriginalBefore: number | null;
      readonly history: History;
      readonly seconds: Seconds;
    }
  | { readonly kind: 'stopped'; readonly phase: Phase; readonly step: number };

/** Runs or continues the protocol in `options.outputFolder`. */
export async function runProtocol(
  run: PreparedRun,
  settings: Settings,
  { outputFolder: folder, onPhase, onStep, saveBefore, ...events }: RunOptions,
): Promise<RunOutcome> {
  const engine = await startEngine(settings.engine, settings);
  const sizes = trainSizes(run);
  const phases = PHASES.flatMap((name, phase) => (settings.epochs[name] > 0 ? [phase] : []));
  const spans = phases.map((phase) => wholePhase(settings, phase, sizes));
  const file = join(folder, CHECKPOINT_FILE);
  const store: PhaseStore = {
    folder,
    fingerprintOf: () => run.fingerprint,
    restore: () => readPairCheckpoint(file, run.state, run.fingerprint),
    save: (place, history) => writePairCheckpoint(file, run.state, run.fingerprint, place, history),
  };
  const end = await runPhases({ engine, run, settings }, spans, store, {
    ...events,
    onPhase: (phase, steps, done) => {
      onPhase(PHASES[phase]!, steps, done);
    },
    onStep: (report) => {
      onStep({ ...report, phase: PHASES[report.phase]! });
    },
    betweenPhases: async ([before]) => saveBefore(before!),
  });
  const { accuracies, seconds } = end.place;
  const phase = PHASES[end.place.phase]!;
  if (end.kind === 'stopped') return { kind: 'stopped', phase, step: end.place.step };
  const figures = {
    accuracyOriginalBefore: phases.length > 1 ? (accuracies[0]?.[0] ?? null) : null,
    history: end.history,
    seconds: {
      original: seconds.training[0]!,
      shifted: seconds.training[1]!,
      evaluation: seconds.evaluation,
    },
  };
  if (end.kind === 'diverged') return { kind: 'diverged', phase, step: end.step, ...figures };
  const asked = spans.at(-1)?.asked ?? [];
  const of = (task: number): Evaluation | null =>
    end.evaluations[asked.findIndex((one) => one.task === task)] ?? null;
  return { kind: 'complete', original: of(0), shifted: of(1), ...figures };
}

/** Removes the checkpoint, and what else was kept between the phases, of a run whose results are written. */
export async function removeCheckpoint(outputFolder: string): Promise<void> {
  await removeBetween(outputFolder);
  await removeAfterOriginal(outputFolder);
  await rm(join(outputFolder, CHECKPOINT_FILE), { force: true });
}
