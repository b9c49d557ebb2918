/**
 * Runs a trial to a rung (`rung.ts`), in the trial's own folder: phase 1 from the checkpoint that an earlier
 * rung or a killed run left, then phase 2 anew from there, then the evaluations. The whole rung, both phases
 * to the end of their schedules, is `runProtocol` bit for bit, whatever rungs lay before and wherever they
 * were killed.
 *
 * Two checkpoints: phase 1 as far as it came, which stays for the next rung, and phase 2 of the rung under
 * way.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from '@layerwise/engine';
import type { Pull } from '@layerwise/optimizers';
import { allFinite, placeOf, readCheckpoint, writeCheckpoint, type Place } from '../phases/checkpoint.js';
import type { Evaluation } from '../phases/evaluate.js';
import { evaluateTask } from '../phases/evaluate-task.js';
import { emptyHistory, type History } from '../phases/history.js';
import { removeLeftovers } from '../results/outputs.js';
import { startPhase, trainPhase, type StepReport } from '../phases/phase.js';
import { pullOfPhase, removeAfterOriginal } from '../methods/phase-pull.js';
import type { EvaluatedSplit, PreparedRun } from './prepare.js';
import type { Rung } from './rung.js';
import { PHASES, type Phase, type Settings } from '../settings.js';

/** Phase 1 as far as it came, and phase 2 of the rung under way. */
export const RUNG_FILES = { original: 'phase-1.safetensors', shifted: 'phase-2.safetensors' } as const;

export interface RungOptions {
  /** The trial's own: what a run leaves there, the next one finds. It has to exist. */
  readonly folder: string;
  /** Steps between checkpoints; 0 writes one only when stopped and at the end of phase 1. */
  readonly checkpointEvery: number;
  /** Aborted to stop after the step or batch under way, with a checkpoint. */
  readonly signal: AbortSignal;
  /** Evaluates the rows of `prepareRun`'s `reports` too. */
  readonly report: boolean;
  onStep(report: StepReport & { readonly phase: Phase }): void;
}

export type RungOutcome =
  | {
      readonly kind: 'measured';
      /** p_o after phase 1. */
      readonly accuracyOriginalBefore: number;
      /** p_o after phase 2. */
      readonly original: Evaluation;
      /** p_s. */
      readonly shifted: Evaluation;
      /** Both tasks on the rows of `prepareRun`'s `reports`; null where none were given or wanted. */
      readonly report: Readonly<Record<Phase, Evaluation>> | null;
      readonly history: History;
    }
  /** Steps of `phase` that were done, and whether they ended with a loss or scores that are no numbers. */
  | { readonly kind: 'diverged' | 'stopped'; readonly phase: Phase; readonly step: number };

/**
 * Runs `run`, freshly prepared, to `rung`. A checkpoint of other settings, data or schedules is written over,
 * and so is one that went further than the rung.
 * @throws InputError when the folder cannot be written, and whatever the engine throws.
 */
export async function runRung(
  run: PreparedRun,
  settings: Settings,
  rung: Rung,
  options: RungOptions,
): Promise<RungOutcome> {
  const engine = await startEngine(settings.engine, settings.provider, settings.threads);
  await removeLeftovers(options.folder);
  const { state } = run;
  const found = restore(run, rung, options.folder);
  const history = found?.history ?? emptyHistory();
  const place: Mutable<Place> = found?.place ?? startOf('original', rung, run, null);
  const save = async (): Promise<void> => {
    if (!allFinite(state.parameters.floats)) return;
    await writeCheckpoint(join(options.folder, RUNG_FILES[place.phase]), state, place, history);
  };

  /** Of the penalties of the phase at `place`. */
  const pulled = async (): Promise<Pull | null | 'stopped'> => {
    const { folder, signal } = options;
    const { fingerprint } = place;
    try {
      const phase = PHASES.indexOf(place.phase);
      return await pullOfPhase(engine, run, settings, phase, place.step, { folder, fingerprint, signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      return 'stopped';
    }
  };
  /** Trains the phase at `place` to the rung; null when it got there. */
  const train = async (): Promise<RungOutcome | null> => {
    const { phase } = place;
    const { until, steps } = rung[phase];
    const span = { from: place.step, until, steps };
    const pull = await pulled();
    if (pull === 'stopped') return { kind: 'stopped', phase, step: place.step };
    const end = await trainPhase(engine, run, settings, PHASES.indexOf(phase), span, history, {
      pull,
      afterStep: async (report) => {
        place.step = report.step + 1;
        options.onStep({ ...report, phase });
        const isLast = place.step === until;
        const due = options.checkpointEvery > 0 && place.step % options.checkpointEvery === 0;
        // What phase 1 comes to is kept for the rung after this one; after the last step of phase 2 the
        // evaluation saves it if stopped.
        const stops = options.signal.aborted && !isLast;
        if (stops || (isLast ? phase === 'original' : due)) await save();
        return stops;
      },
    });
    if (end.kind === 'diverged') return { kind: 'diverged', phase, step: end.step + 1 };
    return end.kind === 'stopped' ? { kind: 'stopped', phase, step: place.step } : null;
  };
  /** A task on its dev split or another one, or how the rung ended instead. */
  const evaluated = async (phase: Phase, split?: EvaluatedSplit): Promise<Evaluation | RungOutcome> => {
    try {
      const evaluation = await evaluateTask(engine, run, settings, run.tasks[phase], options.signal, split);
      // Weights that no text of the split reads may be no numbers either.
      if (evaluation.finite && allFinite(state.parameters.floats)) return evaluation;
      return { kind: 'diverged', phase: place.phase, step: place.step };
    } catch (error) {
      if (!options.signal.aborted) throw error;
      if (place.phase === 'shifted') await save();
      return { kind: 'stopped', phase: place.phase, step: place.step };
    }
  };

  if (place.phase === 'original') {
    const ended = await train();
    if (ended) return ended;
    const before = await evaluated('original');
    if ('kind' in before) return before;
    startPhase(run, settings);
    Object.assign(place, startOf('shifted', rung, run, before.accuracy));
  }
  const ended = await train();
  if (ended) return ended;
  const evaluations: Evaluation[] = [];
  for (const { phase, split } of [...devSplits(run), ...(options.report ? reportsOf(run) : [])]) {
    const evaluation = await evaluated(phase, split);
    if ('kind' in evaluation) return evaluation;
    evaluations.push(evaluation);
  }
  const [original, shifted, originalReport, shiftedReport] = evaluations;
  if (!original || !shifted) throw new RangeError('two tasks have two evaluations');
  await rm(join(options.folder, RUNG_FILES.shifted), { force: true });
  await removeAfterOriginal(options.folder);
  return {
    kind: 'measured',
    accuracyOriginalBefore: place.accuracyOriginalBefore ?? Number.NaN,
    original,
    shifted,
    report: originalReport && shiftedReport ? { original: originalReport, shifted: shiftedReport } : null,
    history,
  };
}

function devSplits({ tasks }: PreparedRun): { phase: Phase; split: EvaluatedSplit }[] {
  return PHASES.map((phase) => {
    const { task, dev } = tasks[phase];
    return { phase, split: { texts: dev, labels: task.dev.label } };
  });
}

/** Rows beside the dev splits that the run was prepared with. */
function reportsOf({ tasks }: PreparedRun): { phase: Phase; split: EvaluatedSplit }[] {
  return PHASES.flatMap((phase) => {
    const split = tasks[phase].report;
    return split === null ? [] : [{ phase, split }];
  });
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The beginning of a phase. */
function startOf(phase: Phase, rung: Rung, run: PreparedRun, accuracyOriginalBefore: number | null): Place {
  const seconds = { original: 0, shifted: 0, evaluation: 0 };
  return { fingerprint: fingerprintOf(phase, rung, run), phase, step: 0, accuracyOriginalBefore, seconds };
}

/** Of a phase's checkpoints: of phase 1 for every rung with its schedule, of phase 2 for this rung alone. */
function fingerprintOf(phase: Phase, { original, shifted }: Rung, { fingerprint }: PreparedRun): string {
  const phase1 = `${fingerprint}/${original.steps}`;
  return phase === 'original' ? phase1 : `${phase1}/${original.until}/${shifted.until}/${shifted.steps}`;
}

/** Loads the furthest checkpoint in `folder` that leads to the rung; null where there is none. */
function restore(run: PreparedRun, rung: Rung, folder: string): { place: Place; history: History } | null {
  for (const phase of ['shifted', 'original'] as const) {
    const file = join(folder, RUNG_FILES[phase]);
    const fingerprint = fingerprintOf(phase, rung, run);
    const place = placeOf(file, fingerprint);
    if (place !== null && place.step <= rung[phase].until)
      return readCheckpoint(file, run.state, fingerprint);
  }
  return null;
}
