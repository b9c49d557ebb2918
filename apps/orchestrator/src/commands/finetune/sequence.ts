/**
 * `layerwise finetune --sequence A,B,C` behind its options: any number of tasks one after another, and the
 * accuracy on each after every phase. The run itself is `runSequence` of `@layerwise/finetune`;
 * `finetune-run.ts` is the same for a pair.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfFile, makeFolder, removeManifest, textTable, type Manifest } from '@layerwise/artifacts';
import { openTask, type OpenedTask } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import {
  finishedFingerprint,
  PLAIN,
  prepareSequence,
  readSequence,
  removeCheckpoint,
  runSequence,
  sequenceFingerprint,
  settingsFrom,
  tokenizerOf,
  writeSequence,
  writeSequenceManifest,
  type AccuracyMatrix,
  type PreparedSequence,
  type SequenceOutcome,
  type Settings,
} from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import type { FinetuneCommandOptions } from './options.js';
import { openEncoderSource } from '../../running/encoder-source.js';
import { interruptible } from '../../running/interrupt.js';
import { libraryVersions } from '../../running/library-versions.js';
import { methodInputs } from './method-inputs.js';
import { processScreen } from '../../progress/meter.js';
import { trainingProgress, type TrainingProgress } from '../../progress/training.js';
import type { Outcome } from '../../running/run-command.js';
import { commonTaskOptions } from '../../options/task-options.js';
import { dataCacheFolder } from '../../running/workspace.js';

export interface SequenceCommandOptions extends Omit<FinetuneCommandOptions, 'original' | 'shifted'> {
  /** Folders or `builtin:KIND`, separated by commas. */
  readonly sequence: string;
}

export async function runSequenceCommand(options: SequenceCommandOptions): Promise<Outcome> {
  const started = new Date();
  const sources = options.sequence.split(',').map((source) => source.trim());
  if (sources.length < 2 || sources.includes(''))
    throw new InputError('--sequence takes two tasks or more, separated by commas.');
  const taskOptions = commonTaskOptions(options);
  const encoder = await openEncoderSource(options.encoder);
  const opened: OpenedTask[] = [];
  for (const source of sources) opened.push(await openTask(source, taskOptions));
  const [first] = opened;
  if (!first) throw new RangeError('a sequence of no tasks');
  const warnings: string[] = [];
  const found = await methodInputs(encoder, first.task, options, warnings);
  const settings = settingsFrom({ ...options, ...found }, encoder.config.layers);
  const names = opened.map(({ task }) => task.name);
  const tokenize = await tokenizerOf(encoder, join(dataCacheFolder(), 'tokens'));
  const run = await prepareSequence(
    opened.map(({ task }) => task),
    encoder,
    tokenize,
    settings,
  );

  const fingerprint = sequenceFingerprint(run);
  const folder = options.out ?? join(dataCacheFolder(), 'finetune', fingerprint.slice(0, 12));
  const result = { names, method: settings.method?.name ?? PLAIN, seed: settings.seed, folder };
  const finished = await finishedFingerprint(folder);
  if (finished !== null && finished !== fingerprint && options.fresh !== true) {
    throw new InputError(
      `${folder} holds the results of a run with other settings or data; choose another --out, or add --fresh to replace them.`,
    );
  }
  const last = `classifier-${names.length - 1}`;
  const isEnough = options.classifiers !== true || existsSync(join(folder, last));
  if (finished === fingerprint && isEnough && options.out !== undefined && options.fresh !== true) {
    const matrix = await readSequence(folder, names.length);
    if (isComplete(matrix)) await removeCheckpoint(folder);
    return outcomeOf({ ...result, matrix, reused: true, warnings });
  }
  await makeFolder(folder);
  if (options.fresh === true) await removeCheckpoint(folder);
  await removeManifest(folder);

  const end = await interruptible((signal) =>
    runWithProgress(run, settings, options, folder, warnings, signal),
  );
  if (end.kind === 'stopped') {
    const place = `step ${end.step} of the phase on ${names[end.phase] ?? ''}`;
    throw new Error(`Stopped after ${place}; the same command continues from the checkpoint in ${folder}.`);
  }
  await writeSequence(folder, run, settings, end, options.classifiers);
  await writeSequenceManifest(folder, run, settings, {
    parameters: { ...options },
    inputs: await inputDigests(opened, encoder),
    started,
    counts: {},
    versions: libraryVersions(),
  });
  const matrix = await readSequence(folder, names.length);
  if (isComplete(matrix)) await removeCheckpoint(folder);
  return outcomeOf({ ...result, matrix, reused: false, warnings });
}

async function runWithProgress(
  run: PreparedSequence,
  settings: Settings,
  { checkpointEvery, json }: SequenceCommandOptions,
  outputFolder: string,
  warnings: string[],
  signal: AbortSignal,
): Promise<SequenceOutcome> {
  const screen = processScreen(json === true);
  let progress: TrainingProgress | undefined;
  try {
    return await runSequence(run, settings, {
      outputFolder,
      checkpointEvery,
      signal,
      onPhase: (phase, steps, done) => {
        progress?.end();
        const name = run.sequence[phase]?.task.name ?? '';
        const place = `${phase + 1} of ${run.sequence.length}`;
        progress = trainingProgress(screen, `${name} (${place})`, steps, done);
      },
      onStep: ({ step, loss, texts }) => progress?.step(step + 1, loss, texts),
      onWarning: (warning) => void warnings.push(warning),
    });
  } finally {
    progress?.end();
  }
}

async function inputDigests(
  opened: readonly OpenedTask[],
  encoder: EncoderFolder,
): Promise<Manifest['inputs']> {
  const files = opened.flatMap(({ files, task }) => files.map((path) => ({ name: task.name, path })));
  const all = [...files, ...encoder.weightFiles.map((path) => ({ name: 'encoder', path }))];
  return Promise.all(all.map(async ({ name, path }) => ({ name, path, digest: await digestOfFile(path) })));
}

interface Result {
  readonly names: readonly string[];
  readonly method: string;
  readonly seed: number;
  readonly folder: string;
  readonly matrix: AccuracyMatrix;
  readonly reused: boolean;
  readonly warnings: readonly string[];
}

/** A run that diverged has no number at the end. */
function isComplete(matrix: AccuracyMatrix): boolean {
  return typeof matrix.at(-1)?.at(-1) === 'number';
}

function outcomeOf({ names, method, seed, folder, matrix, reused, warnings }: Result): Outcome {
  const status = isComplete(matrix) ? 'complete' : 'diverged';
  const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
  const table = [
    ['accuracy on', ...names],
    ...matrix.map((row, phase) => [`after ${names[phase] ?? ''}`, ...row.map(percent)]),
  ];
  const lines = textTable(table, ['left', ...names.map(() => 'right' as const)]);
  return {
    text: [
      ...(reused ? ['This run was finished before; --fresh runs it again.'] : []),
      ...(method === PLAIN ? [] : [`method ${method}`]),
      ...lines,
      ...(status === 'diverged' ? ['Training diverged: the loss was no finite number.'] : []),
      `Results are in ${folder}.`,
      ...warnings.map((warning) => `Warning: ${warning}`),
    ].join('\n'),
    json: {
      status,
      sequence: names,
      method,
      seed,
      matrix,
      out: folder,
      reused,
      ...(warnings.length > 0 && { warnings }),
    },
  };
}
