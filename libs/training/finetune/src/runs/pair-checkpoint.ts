/** The checkpoints of runs on two tasks, of whole ones as of a search's trials. */
import { z } from 'zod';
import { readCheckpoint, runCheckpoint, writeCheckpoint } from '../phases/checkpoint.js';
import type { History } from '../phases/history.js';
import type { PhasePlace } from '../phases/run-phases.js';
import { PHASES } from '../settings.js';
import type { TrainingState } from '../step/training-state.js';

export const PAIR_CHECKPOINT = runCheckpoint(
  z.object({
    /** Of settings, data and encoder: a checkpoint of another run is refused. */
    fingerprint: z.string(),
    phase: z.enum(PHASES),
    /** Steps of the phase that are done. */
    step: z.int().nonnegative(),
    accuracyOriginalBefore: z.number().nullable(),
    seconds: z.object({ original: z.number(), shifted: z.number(), evaluation: z.number() }),
  }),
);

/** @throws InputError when the file is damaged or another run's */
export function readPairCheckpoint(
  file: string,
  state: TrainingState,
  fingerprint: string,
): { readonly place: PhasePlace; readonly history: History } | null {
  const restored = readCheckpoint(PAIR_CHECKPOINT, file, state, fingerprint);
  if (restored === null) return null;
  const { phase, step, accuracyOriginalBefore: before, seconds } = restored.place;
  const place = {
    phase: PHASES.indexOf(phase),
    step,
    accuracies: before === null ? [] : [[before, null]],
    seconds: { training: [seconds.original, seconds.shifted], evaluation: seconds.evaluation },
  };
  return { place, history: restored.columns };
}

export async function writePairCheckpoint(
  file: string,
  state: TrainingState,
  fingerprint: string,
  { phase, step, accuracies, seconds: { training, evaluation } }: PhasePlace,
  history: History,
): Promise<void> {
  const place = {
    fingerprint,
    phase: PHASES[phase]!,
    step,
    accuracyOriginalBefore: accuracies[0]?.[0] ?? null,
    seconds: { original: training[0]!, shifted: training[1]!, evaluation },
  };
  await writeCheckpoint(PAIR_CHECKPOINT, file, state, place, history);
}
