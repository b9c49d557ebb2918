/**
 * A run of `layerwise finetune` in its folder, of a pair as of a sequence: found finished, refused because
 * another one lies there, or run with its progress on the screen, and declared complete.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  digestOfFile,
  removeManifest,
  whileWriting,
  type Provenance,
  type Times,
} from '@layerwise/artifacts';
import type { OpenedTask } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import { finishedFingerprint, removeCheckpoint, type StepReport } from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import { fisherProgress, type FisherProgress } from '../../progress/fisher.js';
import { processScreen } from '../../progress/meter.js';
import { trainingProgress, type TrainingProgress } from '../../progress/training.js';
import { interruptible } from '../../running/interrupt.js';
import { libraryVersions } from '../../running/library-versions.js';
import { dataCacheFolder } from '../../running/workspace.js';
import type { TrainingCommandOptions } from './options.js';

/** A prepared run; `Result` is what it comes to, `Phase` how it calls its phases. */
export interface FolderRun<Phase, Result> {
  /** As its manifest has it. */
  readonly stage: string;
  readonly fingerprint: string;
  /** By the names that the manifest gives them. */
  readonly tasks: readonly (readonly [name: string, OpenedTask])[];
  readonly encoder: EncoderFolder;
  /** The last folder that is written where classifiers are wanted. */
  readonly lastClassifier: string;
  /** For the manifest, beside the options. */
  readonly counts: Provenance['counts'];
  /** The name of its task, and which phase it is. */
  readonly describe: (phase: Phase) => { readonly task: string; readonly place: string };
  /** Writes into the folder before anything is trained, also where nothing has to be. */
  readonly prepare?: (folder: string) => Promise<void>;
  readonly train: (
    options: TrainOptions<Phase>,
  ) => Promise<Stopped<Phase> | { readonly kind: 'finished'; readonly result: Result }>;
  readonly writeManifest: (folder: string, provenance: Provenance) => Promise<void>;
  /** Of a finished run. */
  readonly read: (folder: string) => Promise<Result>;
  /** False of one that diverged: its last checkpoint stays. */
  readonly isComplete: (result: Result) => boolean;
}

interface Stopped<Phase> {
  readonly kind: 'stopped';
  readonly phase: Phase;
  readonly step: number;
}

export interface TrainOptions<Phase> {
  readonly outputFolder: string;
  readonly checkpointEvery: number;
  readonly classifiers: boolean;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: Phase, steps: number, done: number) => void;
  readonly onStep: (report: StepReport) => void;
  readonly onFisher: (done: number, texts: number) => void;
  readonly onWarning: (warning: string) => void;
}

export interface InFolder<Result> {
  readonly result: Result;
  readonly folder: string;
  /** Whether it was finished before. */
  readonly reused: boolean;
}

/**
 * @param warnings gets what has to be said of the method
 * @throws InputError where the folder holds another run's results, or another process is at work in it
 */
export async function trainInFolder<Phase, Result>(
  run: FolderRun<Phase, Result>,
  options: TrainingCommandOptions,
  times: () => Times,
  warnings: string[],
): Promise<InFolder<Result>> {
  const folder = options.out ?? join(dataCacheFolder(), 'finetune', run.fingerprint.slice(0, 12));
  // A finished run is read without the lock, unless something is to be written beside it.
  const found = run.prepare === undefined ? await finishedRun(run, options, folder) : null;
  if (found !== null) return found;
  return whileWriting(run.stage, folder, async () => {
    const finished = await finishedRun(run, options, folder);
    await run.prepare?.(folder);
    return finished ?? train(run, options, folder, times, warnings);
  });
}

/** The result that the folder holds already; null where it has to be trained. */
async function finishedRun<Phase, Result>(
  run: FolderRun<Phase, Result>,
  { out, fresh = false, classifiers = false }: TrainingCommandOptions,
  folder: string,
): Promise<InFolder<Result> | null> {
  if (fresh) return null;
  const finished = await finishedFingerprint(folder);
  if (finished !== null && finished !== run.fingerprint)
    throw new InputError(
      `${folder} holds the results of a run with other settings or data; choose another --out, or add --fresh to replace them.`,
    );
  const isEnough = !classifiers || existsSync(join(folder, run.lastClassifier));
  if (finished === null || out === undefined || !isEnough) return null;
  const result = await run.read(folder);
  // Killed between its manifest and this, a finished run leaves its checkpoint.
  if (run.isComplete(result)) await removeCheckpoint(folder);
  return { result, folder, reused: true };
}

async function train<Phase, Result>(
  run: FolderRun<Phase, Result>,
  options: TrainingCommandOptions,
  folder: string,
  times: () => Times,
  warnings: string[],
): Promise<InFolder<Result>> {
  if (options.fresh === true) await removeCheckpoint(folder);
  await removeManifest(folder);
  const end = await interruptible((signal) => trainWithProgress(run, options, folder, warnings, signal));
  if (end.kind === 'stopped') {
    const place = `step ${end.step} of the phase on ${run.describe(end.phase).task}`;
    throw new Error(`Stopped after ${place}; the same command continues from the checkpoint in ${folder}.`);
  }
  await run.writeManifest(folder, {
    parameters: { ...options },
    inputs: await inputDigests(run),
    times,
    counts: run.counts,
    versions: libraryVersions(),
  });
  if (run.isComplete(end.result)) await removeCheckpoint(folder);
  return { result: end.result, folder, reused: false };
}

async function trainWithProgress<Phase, Result>(
  run: FolderRun<Phase, Result>,
  { checkpointEvery, classifiers = false, json = false }: TrainingCommandOptions,
  outputFolder: string,
  warnings: string[],
  signal: AbortSignal,
): ReturnType<FolderRun<Phase, Result>['train']> {
  const screen = processScreen(json);
  let progress: TrainingProgress | undefined;
  let fisher: FisherProgress | undefined;
  try {
    return await run.train({
      outputFolder,
      checkpointEvery,
      classifiers,
      signal,
      onPhase: (phase, steps, done) => {
        progress?.end();
        fisher?.end();
        fisher = undefined;
        const { task, place } = run.describe(phase);
        progress = trainingProgress(screen, `${task} (${place})`, steps, done);
      },
      onStep: ({ step, loss, texts }) => progress?.step(step + 1, loss, texts),
      onFisher: (done, texts) => (fisher ??= fisherProgress(screen, texts)).texts(done),
      onWarning: (warning) => void warnings.push(warning),
    });
  } finally {
    progress?.end();
    fisher?.end();
  }
}

async function inputDigests({
  tasks,
  encoder,
}: Pick<FolderRun<unknown, unknown>, 'tasks' | 'encoder'>): Promise<Provenance['inputs']> {
  const files = tasks.flatMap(([name, { files: paths }]) => paths.map((path) => ({ name, path })));
  const all = [...files, ...encoder.weightFiles.map((path) => ({ name: 'encoder', path }))];
  return Promise.all(all.map(async ({ name, path }) => ({ name, path, digest: await digestOfFile(path) })));
}
