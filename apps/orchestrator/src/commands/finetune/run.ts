/**
 * `layerwise finetune` behind its options: opens the tasks and the encoder, decides whether there is anything
 * to do, shows progress and says what came out. The run itself is `@layerwise/finetune`, which the stage of
 * that name shares.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  digestOfFile,
  makeFolder,
  removeManifest,
  textTable,
  writeFileAtomically,
  type Manifest,
} from '@layerwise/artifacts';
import { openTask, type OpenedTask } from '@layerwise/datasets';
import { printGraph, record, toOnnx } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  CHECKPOINT_FILE,
  completeRun,
  finishedFingerprint,
  PHASES,
  PLAIN,
  prepareRun,
  readResults,
  removeCheckpoint,
  settingsFrom,
  tokenizerOf,
  writeRunManifest,
  type Phase,
  type PreparedRun,
  type ResultsRow,
  type RunEnd,
  type Settings,
} from '@layerwise/finetune';
import { trainingProgram, type EncoderFolder } from '@layerwise/model';
import type { FinetuneCommandOptions } from './options.js';
import { isRandomEncoder, openEncoderSource } from '../../running/encoder-source.js';
import { interruptible } from '../../running/interrupt.js';
import { methodInputs } from './method-inputs.js';
import { fisherProgress, type FisherProgress } from '../../progress/fisher.js';
import { processScreen } from '../../progress/meter.js';
import { trainingProgress, type TrainingProgress } from '../../progress/training.js';
import { libraryVersions } from '../../running/library-versions.js';
import type { Outcome } from '../../running/run-command.js';
import { taskOptionsOf } from '../../options/task-options.js';
import { dataCacheFolder } from '../../running/workspace.js';

export async function runFinetune(options: FinetuneCommandOptions): Promise<Outcome> {
  const started = new Date();
  const encoder = await openEncoderSource(options.encoder);
  const taskOptions = taskOptionsOf(options);
  const opened = {
    original: await openTask(options.original, taskOptions.original),
    shifted: await openTask(options.shifted, taskOptions.shifted),
  };
  const tasks = { original: opened.original.task, shifted: opened.shifted.task };
  const warnings: string[] = [];
  const found = await methodInputs(encoder, tasks.original, options, warnings);
  const settings = settingsFrom({ ...options, ...found }, encoder.config.layers);
  const tokenize = await tokenizerOf(encoder, join(dataCacheFolder(), 'tokens'));
  const run = await prepareRun(tasks, encoder, tokenize, settings);
  const folder = options.out ?? join(dataCacheFolder(), 'finetune', run.fingerprint.slice(0, 12));
  const finished = await finishedFingerprint(folder);
  if (finished !== null && finished !== run.fingerprint && options.fresh !== true) {
    throw new InputError(
      `${folder} holds the results of a run with other settings or data; choose another --out, or add --fresh to replace them.`,
    );
  }
  if (options.dumpGraph === true) await dumpGraph(run, folder);

  const isEnough = options.classifiers !== true || existsSync(join(folder, 'classifier-shifted'));
  if (finished === run.fingerprint && options.out !== undefined && options.fresh !== true && isEnough) {
    const row = await readResults(folder);
    // Killed between its manifest and this, a finished run leaves its checkpoint.
    if (row.status === 'complete') await removeCheckpoint(folder);
    return outcomeOf(row, folder, options, settings, { reused: true, warnings });
  }
  await makeFolder(folder);
  if (options.fresh === true) await removeCheckpoint(folder);
  await removeManifest(folder);

  const end = await interruptible((signal) =>
    runWithProgress(run, settings, options, folder, warnings, signal),
  );
  if (end.kind === 'stopped') {
    const place = `step ${end.step} of the phase on ${tasks[end.phase].name}`;
    throw new Error(`Stopped after ${place}; the same command continues from the checkpoint in ${folder}.`);
  }
  const { row } = end;
  await writeRunManifest(folder, run, settings, {
    parameters: { ...options },
    inputs: await inputDigests(opened, encoder),
    started,
    counts: skippedRows(opened),
    versions: libraryVersions(),
  });
  if (row.status === 'complete') await removeCheckpoint(folder);
  return outcomeOf(row, folder, options, settings, { reused: false, warnings });
}

async function runWithProgress(
  run: PreparedRun,
  settings: Settings,
  { checkpointEvery, classifiers, json }: FinetuneCommandOptions,
  outputFolder: string,
  warnings: string[],
  signal: AbortSignal,
): Promise<RunEnd> {
  const screen = processScreen(json === true);
  let progress: TrainingProgress | undefined;
  let fisher: FisherProgress | undefined;
  try {
    return await completeRun(run, settings, {
      outputFolder,
      checkpointEvery,
      signal,
      classifiers: classifiers === true,
      onPhase: (phase, steps, done) => {
        progress?.end();
        fisher?.end();
        progress = trainingProgress(screen, `${run.tasks[phase].task.name} (${phase})`, steps, done);
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

/**
 * The recorded training graph of the first phase: as text on stderr, and as an .onnx file in the output
 * folder.
 */
async function dumpGraph(run: PreparedRun, folder: string): Promise<void> {
  const graph = await record(trainingProgram(run.tasks.original.program, run.sites));
  process.stderr.write(printGraph(graph));
  const file = join(folder, 'train.onnx');
  await writeFileAtomically(file, toOnnx(graph));
  process.stderr.write(`The graph is saved as ${file}.\n`);
}

async function inputDigests(
  opened: Readonly<Record<Phase, OpenedTask>>,
  encoder: EncoderFolder,
): Promise<Manifest['inputs']> {
  const files = PHASES.flatMap((phase) => opened[phase].files.map((path) => ({ name: phase, path })));
  const all = [...files, ...encoder.weightFiles.map((path) => ({ name: 'encoder', path }))];
  return Promise.all(all.map(async ({ name, path }) => ({ name, path, digest: await digestOfFile(path) })));
}

function skippedRows(opened: Readonly<Record<Phase, OpenedTask>>): Record<string, number> {
  return Object.fromEntries(
    PHASES.map((phase) => {
      const count = opened[phase].skipped.reduce((sum, { count: skipped }) => sum + skipped, 0);
      return [`${phase}Skipped`, count];
    }),
  );
}

function outcomeOf(
  row: ResultsRow,
  folder: string,
  options: FinetuneCommandOptions,
  { method }: Settings,
  { reused, warnings }: { readonly reused: boolean; readonly warnings: readonly string[] },
): Outcome {
  const perSecond = (rows: number, seconds: number): number =>
    seconds > 0 ? (rows * options.epochs) / seconds : 0;
  const samplesPerSecondOriginal = perSecond(row.trainRowsOriginal, row.secondsOriginal);
  const checkpoint = join(folder, CHECKPOINT_FILE);
  const replayed = Math.ceil((method?.replay?.share ?? 0) * row.trainRowsOriginal);
  const samplesPerSecondShifted = perSecond(row.trainRowsShifted + replayed, row.secondsShifted);
  return {
    text: [
      textOf(row, folder, isRandomEncoder(options.encoder), reused),
      ...warnings.map((warning) => `Warning: ${warning}`),
    ].join('\n'),
    json: {
      ...row,
      samplesPerSecondOriginal,
      samplesPerSecondShifted,
      seed: options.seed,
      out: folder,
      // A diverged run keeps its last checkpoint of finite weights.
      checkpoint: existsSync(checkpoint) ? checkpoint : null,
      reused,
      ...(warnings.length > 0 && { warnings }),
    },
  };
}

function textOf(row: ResultsRow, folder: string, isRandom: boolean, reused: boolean): string {
  const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
  const lines = [
    ...(isRandom
      ? ['The encoder is a small one with random weights, so these figures show the mechanism and no more.']
      : []),
    ...(reused ? ['This run was finished before; --fresh runs it again.'] : []),
  ];
  if (row.status === 'diverged') {
    const rates = row.rates.map((rate) => String(rate ?? '-')).join(', ');
    lines.push(
      `Training diverged at step ${String(row.divergedAtStep)} of the phase ${row.divergedIn ?? ''} (rates ${rates}): the loss was no finite number.`,
      existsSync(join(folder, CHECKPOINT_FILE))
        ? `The last good checkpoint is ${join(folder, CHECKPOINT_FILE)}.`
        : 'There was no checkpoint before it.',
    );
  } else {
    const figures = [
      [`accuracy on ${row.original} before the second phase`, percent(row.accuracyOriginalBefore)],
      [`accuracy on ${row.original} after it (p_o)`, percent(row.accuracyOriginal)],
      [`accuracy on ${row.shifted} (p_s)`, percent(row.accuracyShifted)],
      ['reward p_o + p_s', row.reward?.toFixed(4) ?? '-'],
    ] as const;
    lines.push(
      `${row.original}, then ${row.shifted}${row.method === PLAIN ? '' : `, method ${row.method}`}`,
      ...textTable(figures).map((line) => `  ${line}`),
    );
  }
  lines.push(
    `  ${row.secondsOriginal.toFixed(1)} s and ${row.secondsShifted.toFixed(1)} s of training, ${row.peakMemoryMb.toFixed(0)} MiB at most`,
    `Results are in ${folder}.`,
  );
  return lines.join('\n');
}
