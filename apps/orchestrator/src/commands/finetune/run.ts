/**
 * `layerwise finetune` of a pair behind its options: opens the tasks and the encoder, trains in a folder
 * (`train-in-folder.ts`) and says what came out. The run itself is `@layerwise/finetune`, which the stage of
 * that name shares.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startStopwatch, writeFileAtomically } from '@layerwise/artifacts';
import { openTask, type OpenedTask } from '@layerwise/datasets';
import { printGraph, record, toOnnx } from '@layerwise/engine';
import {
  CHECKPOINT_FILE,
  completeRun,
  PHASES,
  prepareRun,
  readResults,
  settingsFrom,
  tokenizerOf,
  writeRunManifest,
  type Phase,
  type PreparedRun,
  type ResultsRow,
  type Settings,
} from '@layerwise/finetune';
import { trainingProgram } from '@layerwise/model';
import { taskOptionsOf } from '../../options/task-options.js';
import { cautionOf, openEncoderSource } from '../../running/encoder-source.js';
import type { Outcome } from '../../running/run-command.js';
import { say } from '../../running/say.js';
import { dataCacheFolder } from '../../running/workspace.js';
import { methodInputs } from './method-inputs.js';
import type { FinetuneCommandOptions } from './options.js';
import { pairText } from './text.js';
import { trainInFolder, type FolderRun } from './train-in-folder.js';

export async function runFinetune(options: FinetuneCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  const encoder = await openEncoderSource(options.encoder);
  const taskOptions = taskOptionsOf(options);
  const opened = {
    original: await openTask(options.original, taskOptions.original),
    shifted: await openTask(options.shifted, taskOptions.shifted),
  };
  const tasks = { original: opened.original.task, shifted: opened.shifted.task };
  const warnings = PHASES.flatMap((phase) => opened[phase].notes);
  const found = await methodInputs(encoder, tasks.original, options, warnings);
  const settings = settingsFrom({ ...options, ...found }, encoder.config.layers);
  const tokenize = await tokenizerOf(encoder, join(dataCacheFolder(), 'tokens'));
  const run = await prepareRun(tasks, encoder, tokenize, settings);
  warnings.push(...run.notes);
  const folderRun: FolderRun<Phase, ResultsRow> = {
    stage: 'finetune',
    fingerprint: run.fingerprint,
    tasks: PHASES.map((phase) => [phase, opened[phase]]),
    encoder,
    lastClassifier: 'classifier-shifted',
    counts: skippedRows(opened),
    describe: (phase) => ({ task: tasks[phase].name, place: phase }),
    ...(options.dumpGraph === true && { prepare: (folder: string) => dumpGraph(run, folder) }),
    train: async (training) => {
      const end = await completeRun(run, settings, training);
      return end.kind === 'stopped' ? end : { kind: 'finished', result: end.row };
    },
    writeManifest: (folder, provenance) => writeRunManifest(folder, run, settings, provenance),
    read: readResults,
    isComplete: ({ status }) => status === 'complete',
  };
  const { result, folder, reused } = await trainInFolder(folderRun, options, times, warnings);
  return outcomeOf(result, folder, options, settings, { reused, warnings });
}

/**
 * The recorded training graph of the first phase: as text on stderr, and as an .onnx file in the output
 * folder.
 */
async function dumpGraph(run: PreparedRun, folder: string): Promise<void> {
  const graph = await record(trainingProgram(run.tasks.original.program, run.sites));
  say(printGraph(graph).trimEnd());
  const file = join(folder, 'train.onnx');
  await writeFileAtomically(file, toOnnx(graph));
  say(`The graph is saved as ${file}.`);
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
  { method, epochs }: Settings,
  { reused, warnings }: { readonly reused: boolean; readonly warnings: readonly string[] },
): Outcome {
  const perSecond = (rows: number, seconds: number): number => (seconds > 0 ? rows / seconds : 0);
  const samplesPerSecondOriginal = perSecond(row.trainRowsOriginal * epochs.original, row.secondsOriginal);
  // A diverged run keeps its last checkpoint of finite weights.
  const file = join(folder, CHECKPOINT_FILE);
  const checkpoint = existsSync(file) ? file : null;
  const replayed = Math.ceil((method?.replay?.share ?? 0) * row.trainRowsOriginal);
  const seen = (row.trainRowsShifted + replayed) * epochs.shifted;
  const samplesPerSecondShifted = perSecond(seen, row.secondsShifted);
  return {
    text: [
      ...cautionOf(options.encoder),
      pairText(row, folder, checkpoint, reused),
      ...warnings.map((warning) => `Warning: ${warning}`),
    ].join('\n'),
    json: {
      ...row,
      samplesPerSecondOriginal,
      samplesPerSecondShifted,
      seed: options.seed,
      out: folder,
      checkpoint,
      reused,
      ...(warnings.length > 0 && { warnings }),
    },
  };
}
