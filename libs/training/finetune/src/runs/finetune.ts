/**
 * The sequential protocol (`paper` section 3; Kenneweg et al. 2022): train on the original task D_o, evaluate
 * it, train on the shifted task D_s with schedule and optimiser started anew, evaluate both. The head of D_o
 * stands still in phase 2. A phase of 0 epochs is left out, and so is every evaluation of the head that it
 * would have trained: all else being equal, that is the baseline without D_o, or D_o alone. What a method
 * changes of this is in the files that `phase.ts` puts together.
 *
 * A run goes from checkpoint to checkpoint: killed at any moment, the same call continues it to the same
 * bits.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '@layerwise/engine';
import type { Pull } from '@layerwise/optimizers';
import {
  allFinite,
  CHECKPOINT_FILE,
  readCheckpoint,
  writeCheckpoint,
  type Place,
} from '../phases/checkpoint.js';
import { removeBetween } from '../results/drift.js';
import type { Evaluation } from '../phases/evaluate.js';
import { evaluateTask } from '../phases/evaluate-task.js';
import { emptyHistory, type History } from '../phases/history.js';
import { askedTasks } from '../batches/mixture.js';
import { phaseSteps, startPhase, trainPhase, type StepReport } from '../phases/phase.js';
import { pullOfPhase, removeAfterOriginal } from '../methods/phase-pull.js';
import { trainSizes, type PreparedRun } from './prepare.js';
import { PHASES, type Phase, type Settings } from '../settings.js';

export interface RunOptions {
  readonly outputFolder: string;
  /** Steps between checkpoints; 0 writes one only when stopped and between the phases. */
  readonly checkpointEvery: number;
  /** Aborted to stop after the step or batch under way, with a checkpoint. */
  readonly signal: AbortSignal;
  onPhase(phase: Phase, steps: number, done: number): void;
  onStep(report: StepReport & { readonly phase: Phase }): void;
  /** While Fisher information is taken between the phases. */
  readonly onFisher?: (done: number, texts: number) => void;
  readonly onWarning?: (warning: string) => void;
  /** Keeps the evaluation of the original task between the phases: a continued run does not do it again. */
  saveBefore(evaluation: Evaluation): Promise<void>;
}

export interface Seconds {
  original: number;
  shifted: number;
  evaluation: number;
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
  options: RunOptions,
): Promise<RunOutcome> {
  const engine = await startEngine(settings.engine, settings.provider, settings.threads);
  const file = join(options.outputFolder, CHECKPOINT_FILE);
  const restored = readCheckpoint(file, run.state, run.fingerprint);
  const history = restored?.history ?? emptyHistory();
  const trained = PHASES.filter((phase) => settings.epochs[phase] > 0);
  const place: Mutable<Place> = restored?.place ?? {
    fingerprint: run.fingerprint,
    phase: trained[0] ?? 'original',
    step: 0,
    accuracyOriginalBefore: null,
    seconds: { original: 0, shifted: 0, evaluation: 0 },
  };
  const save = async (): Promise<void> => {
    if (allFinite(run.state.parameters.floats)) await writeCheckpoint(file, run.state, place, history);
  };
  const stopped = (): RunOutcome => ({ kind: 'stopped', phase: place.phase, step: place.step });
  const diverged = (step: number): RunOutcome => {
    const { phase, accuracyOriginalBefore, seconds } = place;
    return { kind: 'diverged', phase, step, accuracyOriginalBefore, history, seconds };
  };
  /** Evaluations of these tasks, or null when the run was stopped meanwhile (with a checkpoint). */
  const evaluated = async (phases: readonly Phase[]): Promise<Evaluation[] | null> => {
    const seconds = stopwatch(place.seconds.evaluation);
    const evaluations: Evaluation[] = [];
    try {
      for (const phase of phases) {
        evaluations.push(await evaluateTask(engine, run, settings, run.tasks[phase], options.signal));
        place.seconds.evaluation = seconds();
      }
      return evaluations;
    } catch (error) {
      if (!options.signal.aborted) throw error;
      await save();
      return null;
    }
  };

  /** Of the penalties of the phase at `place`; the step that it goes on from has its checkpoint already. */
  const pulled = async (phase: Phase): Promise<Pull | null | 'stopped'> => {
    const { outputFolder: folder, signal, onWarning, onFisher } = options;
    const own = { folder, fingerprint: run.fingerprint, signal };
    try {
      return await pullOfPhase(engine, run, settings, PHASES.indexOf(phase), place.step, {
        ...own,
        ...(onWarning && { onWarning }),
        ...(onFisher && { onTexts: onFisher }),
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      return 'stopped';
    }
  };

  for (const phase of trained.slice(trained.indexOf(place.phase))) {
    const steps = phaseSteps(settings, PHASES.indexOf(phase), trainSizes(run));
    const seconds = stopwatch(place.seconds[phase]);
    const span = { from: place.step, until: steps, steps };
    const pull = await pulled(phase);
    if (pull === 'stopped') return stopped();
    options.onPhase(phase, steps, place.step);
    const end = await trainPhase(engine, run, settings, PHASES.indexOf(phase), span, history, {
      pull,
      afterStep: async (report) => {
        place.step = report.step + 1;
        place.seconds[phase] = seconds();
        options.onStep({ ...report, phase });
        if (place.step === steps) return false;
        const due = options.checkpointEvery > 0 && place.step % options.checkpointEvery === 0;
        if (options.signal.aborted || due) await save();
        return options.signal.aborted;
      },
    });
    place.seconds[phase] = seconds();
    if (end.kind === 'stopped') return stopped();
    if (end.kind === 'diverged') return diverged(end.step);
    if (phase === trained.at(-1)) break;
    const before = (await evaluated(['original']))?.[0];
    if (!before) return stopped();
    // Weights that no dev text reads may be no numbers either: no checkpoint is made of them.
    if (!before.finite || !allFinite(run.state.parameters.floats)) return diverged(steps);
    await options.saveBefore(before);
    startPhase(run, settings);
    Object.assign(place, { phase: 'shifted', step: 0, accuracyOriginalBefore: before.accuracy });
    await save();
  }

  const asked = PHASES.filter((_, task) => askedTasks(settings, PHASES.indexOf(place.phase)).includes(task));
  const last = await evaluated(asked);
  if (!last) return stopped();
  if (!last.every(({ finite }) => finite) || !allFinite(run.state.parameters.floats))
    return diverged(place.step);
  const { accuracyOriginalBefore, seconds } = place;
  const of = (phase: Phase): Evaluation | null => last[asked.indexOf(phase)] ?? null;
  const [original, shifted] = [of('original'), of('shifted')];
  return { kind: 'complete', accuracyOriginalBefore, original, shifted, history, seconds };
}

/** Tells the seconds since its making, on top of those of an earlier run. */
function stopwatch(before: number): () => number {
  const started = performance.now();
  return () => before + (performance.now() - started) / 1000;
}

/** Removes the checkpoint, and what else was kept between the phases, of a run whose results are written. */
export async function removeCheckpoint(outputFolder: string): Promise<void> {
  await removeBetween(outputFolder);
  await removeAfterOriginal(outputFolder);
  await rm(join(outputFolder, CHECKPOINT_FILE), { force: true });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
