/**
 * A run in a folder of its own that is kept: a finished one (its manifest has the run's fingerprint and its
 * files are as the manifest says) is not run again, one that was stopped or killed goes on from its
 * checkpoint, anything else that lies there is written over. For whoever trains many runs; `run.ts` is the
 * run itself.
 */
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeManifest, startStopwatch, type Provenance } from '@layerwise/artifacts';
import { InputError, makeFolder } from '@layerwise/errors';
import { CHECKPOINT_FILE, isCheckpointOf } from '../phases/checkpoint.js';
import { removeCheckpoint } from './finetune.js';
import { PAIR_CHECKPOINT } from './pair-checkpoint.js';
import type { PreparedRun } from './prepare.js';
import { finishedFingerprint, readResults } from '../results/read-results.js';
import { completeRun, type CompleteRunOptions, type RunEnd } from './run.js';
import type { Settings } from '../settings.js';
import { writeRunManifest, type ResultsRow } from '../results/write-results.js';

export interface KeptRunOptions extends Omit<CompleteRunOptions, 'classifiers' | 'weights'> {
  /** For the manifest. */
  readonly parameters: Provenance['parameters'];
  readonly versions: Provenance['versions'];
  /** Where an earlier version kept it: what lies there of this very run comes along. */
  readonly formerFolder?: string;
}

export type KeptRunEnd =
  | { readonly kind: 'finished'; readonly row: ResultsRow; readonly reused: boolean }
  | Extract<RunEnd, { readonly kind: 'stopped' }>;

/**
 * Runs it, continues it, or finds it finished; a run that diverged is finished too. No weights are kept.
 * @throws InputError where the folder cannot be written
 */
export async function keepRun(
  run: PreparedRun,
  settings: Settings,
  options: KeptRunOptions,
): Promise<KeptRunEnd> {
  const { outputFolder: folder, parameters, versions } = options;
  const times = startStopwatch();
  await takeAlong(options, run);
  const found = await finishedRow(folder, run);
  if (found !== null) return { kind: 'finished', row: found, reused: true };

  // Before training, so that what is wrong with the place is found out at once.
  makeFolder(folder);
  await removeManifest(folder);
  // A checkpoint that is damaged or another run's is of no use here: the run starts over.
  if (!isCheckpointOf(PAIR_CHECKPOINT, join(folder, CHECKPOINT_FILE), run.fingerprint))
    await removeCheckpoint(folder);
  const end = await completeRun(run, settings, { ...options, classifiers: false, weights: false });
  if (end.kind === 'stopped') return end;
  await writeRunManifest(folder, run, settings, { parameters, inputs: [], times, counts: {}, versions });
  await removeCheckpoint(folder);
  return { kind: 'finished', row: end.row, reused: false };
}

/** Moves what is kept of the run to its folder, where nothing of it lies there yet. */
async function takeAlong(
  { outputFolder: folder, formerFolder: former = folder }: KeptRunOptions,
  run: PreparedRun,
): Promise<void> {
  if (former === folder || (await isOf(folder, run)) || !(await isOf(former, run))) return;
  makeFolder(dirname(folder));
  await rm(folder, { recursive: true, force: true });
  await rename(former, folder);
}

/** Whether the run in a folder, finished or stopped, is this one. */
async function isOf(folder: string, run: PreparedRun): Promise<boolean> {
  return (
    isCheckpointOf(PAIR_CHECKPOINT, join(folder, CHECKPOINT_FILE), run.fingerprint) ||
    (await finishedRow(folder, run)) !== null
  );
}

/** The row of a finished run, or null where it has to be run (again). */
async function finishedRow(folder: string, { fingerprint }: PreparedRun): Promise<ResultsRow | null> {
  try {
    return (await finishedFingerprint(folder)) === fingerprint ? await readResults(folder) : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
