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
import { removeLeftovers } from '@layerwise/artifacts';
import { startEngine } from '@layerwise/engine';
import { removeAfterOriginal } from '../methods/phase-pull.js';
import { placeOf } from '../phases/checkpoint.js';
import type { Evaluation } from '../phases/evaluate.js';
import type { History } from '../phases/history.js';
import type { StepReport } from '../phases/phase.js';
import { runPhases, type AskedSplit, type PhaseEvents, type PhaseStore } from '../phases/run-phases.js';
import { PHASES, type Phase, type Settings } from '../settings.js';
import { PAIR_CHECKPOINT, readPairCheckpoint, writePairCheckpoint } from './pair-checkpoint.js';
import type { PreparedRun } from './prepare.js';
import type { Rung } from './rung.js';

/** Phase 1 as far as it came, and phase 2 of the rung under way. */
export const RUNG_FILES = { original: 'phase-1.safetensors', shifted: 'phase-2.safetensors' } as const;

export interface RungOptions extends Pick<PhaseEvents, 'checkpointEvery' | 'signal'> {
  /** The trial's own: what a run leaves there, the next one finds. It has to exist. */
  readonly folder: string;
  /** Evaluates the rows of `prepareTrial`'s `reports` too. */
  readonly report: boolean;
  readonly onStep: (report: StepReport & { readonly phase: Phase }) => void;
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
      /** Both tasks on the rows of `prepareTrial`'s `reports`; null where none were given or wanted. */
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
  const { folder, report, onStep, ...events } = options;
  const engine = await startEngine(settings.engine, settings);
  await removeLeftovers(folder);
  const dev = PHASES.map((_, task): AskedSplit => ({ task }));
  const reports = PHASES.flatMap((phase, task): AskedSplit[] => {
    const split = run.tasks[phase].report;
    return report && split !== null ? [{ task, split }] : [];
  });
  const spans = [
    { phase: 0, ...rung.original, asked: dev.slice(0, 1), keepsEnd: true },
    { phase: 1, ...rung.shifted, asked: [...dev, ...reports] },
  ];
  const fingerprintAt = (phase: number): string => fingerprintOf(PHASES[phase]!, rung, run);
  const store: PhaseStore = {
    folder,
    fingerprintOf: fingerprintAt,
    restore: () => restore(run, rung, folder),
    save: async (place, history) => {
      const file = join(folder, RUNG_FILES[PHASES[place.phase]!]);
      const untimed = { ...place, seconds: { training: [0, 0], evaluation: 0 } };
      await writePairCheckpoint(file, run.state, fingerprintAt(place.phase), untimed, history);
    },
  };
  const end = await runPhases({ engine, run, settings }, spans, store, {
    ...events,
    onStep: (step) => {
      onStep({ ...step, phase: PHASES[step.phase]! });
    },
  });
  const phase = PHASES[end.place.phase]!;
  if (end.kind === 'stopped') return { kind: 'stopped', phase, step: end.place.step };
  const { history, place } = end;
  if (end.kind === 'diverged')
    return { kind: 'diverged', phase, step: history.phase.filter((one) => one === place.phase).length };
  const [original, shifted, originalReport, shiftedReport] = end.evaluations;
  await rm(join(folder, RUNG_FILES.shifted), { force: true });
  await removeAfterOriginal(folder);
  return {
    kind: 'measured',
    accuracyOriginalBefore: place.accuracies[0]![0]!,
    original: original!,
    shifted: shifted!,
    report: originalReport && shiftedReport ? { original: originalReport, shifted: shiftedReport } : null,
    history,
  };
}

/** Of a phase's checkpoints: of phase 1 for every rung with its schedule, of phase 2 for this rung alone. */
function fingerprintOf(phase: Phase, { original, shifted }: Rung, { fingerprint }: PreparedRun): string {
  const phase1 = `${fingerprint}/${original.steps}`;
  return phase === 'original' ? phase1 : `${phase1}/${original.until}/${shifted.until}/${shifted.steps}`;
}

/** Loads the furthest checkpoint in `folder` that leads to the rung; null where there is none. */
function restore(run: PreparedRun, rung: Rung, folder: string): ReturnType<PhaseStore['restore']> {
  for (const phase of ['shifted', 'original'] as const) {
    const file = join(folder, RUNG_FILES[phase]);
    const fingerprint = fingerprintOf(phase, rung, run);
    const place = placeOf(PAIR_CHECKPOINT, file, fingerprint);
    if (place !== null && place.step <= rung[phase].until)
      return readPairCheckpoint(file, run.state, fingerprint);
  }
  return null;
}
