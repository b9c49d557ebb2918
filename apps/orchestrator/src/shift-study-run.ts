/**
 * `layerwise shift-study` behind its options: opens the tasks, makes a pair of each, and runs the study
 * (`@layerwise/shift-study`) with its progress on stderr. How a task becomes a pair is the shift libs' affair.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfFile, type Manifest, type Task } from '@layerwise/artifacts';
import { openTask, type OpenedTask } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import { settingsFrom, tokenizerOf } from '@layerwise/finetune';
import { lengthShift } from '@layerwise/length-shift';
import type { EncoderFolder } from '@layerwise/model';
import { checkParts, pairOfTasks, wordLengths, type Pair } from '@layerwise/pairs';
import {
  describeUnit,
  plannedUnits,
  runStudy,
  sampleTrainRows,
  studyFingerprint,
  studyText,
  writeStudy,
  type Study,
  type StudyEnd,
  type StudyTask,
} from '@layerwise/shift-study';
import type { ShiftStudyCommandOptions } from './commands/shift-study.js';
import { isBuiltinEncoder, openEncoderSource } from './encoder-source.js';
import { interruptible } from './interrupt.js';
import { libraryVersions } from './library-versions.js';
import { createMeter, processScreen, type Meter } from './progress/meter.js';
import type { Outcome } from './run-command.js';
import { dataCacheFolder } from './workspace.js';

const LEVEL = 0.95;

export async function runShiftStudy(options: ShiftStudyCommandOptions): Promise<Outcome> {
  const started = new Date();
  const encoder = await openEncoderSource(options.encoder);
  const epochs = epochsOf(options);
  const inputs: Manifest['inputs'] = [];
  const tasks = await interruptible(async (signal) => {
    const found: StudyTask[] = [];
    for (const [place, word] of options.tasks.entries()) {
      signal.throwIfAborted();
      const { name, pair, files } = await pairOf(word, options);
      checkParts(pair, { minimumRows: options.minimumRows });
      const passes = epochs[place] ?? 1;
      const settings = settingsFrom(
        {
          ...options,
          optimizer: 'adam',
          accumulate: 1,
          seed: 0,
          epochsOriginal: passes,
          epochsShifted: passes,
        },
        encoder.config.layers,
      );
      found.push({ name, pair, settings });
      for (const path of files) inputs.push({ name, path, digest: await digestOfFile(path) });
    }
    return found;
  });
  for (const path of encoder.weightFiles)
    inputs.push({ name: 'encoder', path, digest: await digestOfFile(path) });

  const fingerprint = await studyFingerprint(tasks, encoder);
  const folder = options.out ?? join(dataCacheFolder(), 'shift-study', fingerprint.slice(0, 12));
  const end = await interruptible((signal) => studyWithProgress(tasks, encoder, options, folder, signal));
  if (end.kind === 'stopped') {
    throw new Error(
      `Stopped in ${describeUnit(end.unit)}; the same command goes on from what is in ${folder}.`,
    );
  }
  const { study } = end;
  const versions = libraryVersions();
  await writeStudy(folder, study, { fingerprint, parameters: { ...options }, inputs, started, versions });
  return outcomeOf(study, folder, isBuiltinEncoder(options.encoder));
}

async function studyWithProgress(
  tasks: readonly StudyTask[],
  encoder: EncoderFolder,
  { seeds, resamples, dataSeed, checkpointEvery, json }: ShiftStudyCommandOptions,
  folder: string,
  signal: AbortSignal,
): Promise<StudyEnd> {
  const screen = processScreen(json === true);
  const total = plannedUnits(tasks, seeds).reduce((sum, { texts }) => sum + texts, 0);
  let meter: Meter | undefined;
  let done = 0;
  const tell = (texts: number, detail: string): void => {
    // Made when there is something to train: what was there before does not count for the time left.
    meter ??= createMeter(screen, 'study', total, done + texts);
    meter.update(done + texts, detail);
  };
  try {
    return await runStudy(tasks, {
      encoder,
      tokenize: await tokenizerOf(encoder, join(dataCacheFolder(), 'tokens')),
      unitsFolder: join(folder, 'units'),
      seeds,
      bootstrap: { resamples, seed: dataSeed, level: LEVEL },
      checkpointEvery,
      signal,
      versions: libraryVersions(),
      onProgress: (unit, { texts, loss }) =>
        tell(texts, `${describeUnit(unit)}${loss === null ? '' : ` | loss ${loss.toFixed(4)}`}`),
      onUnit: (unit, _, reused) => {
        if (!reused) tell(unit.texts, `${describeUnit(unit)} done`);
        done += unit.texts;
      },
    });
  } finally {
    meter?.end();
  }
}

/** One number of epochs for each task. */
function epochsOf({ tasks, epochs }: ShiftStudyCommandOptions): readonly number[] {
  if (epochs.length === tasks.length) return epochs;
  if (epochs.length === 1) return tasks.map(() => epochs[0] ?? 1);
  throw new InputError(
    `--epochs has ${epochs.length} numbers for ${tasks.length} tasks; give one, or one a task.`,
  );
}

interface NamedPair {
  readonly name: string;
  readonly pair: Pair;
  readonly files: readonly string[];
}

/** The pair that a word of `--tasks` stands for. */
async function pairOf(word: string, options: ShiftStudyCommandOptions): Promise<NamedPair> {
  const { kind } = options;
  if (kind === 'dataset') {
    const [, first, second] = /^((?:builtin:)?[^:]+):((?:builtin:)?[^:]+)$/.exec(word) ?? [];
    if (first === undefined || second === undefined)
      throw new InputError(`--kind dataset needs two tasks as A:B in --tasks, not "${word}".`);
    const original = await openSampled(first, options);
    const shifted = await openSampled(second, options);
    const files = [...original.files, ...shifted.files];
    const pair = pairOfTasks(original.task, shifted.task);
    return { name: `${original.task.name} then ${shifted.task.name}`, pair, files };
  }
  const { task, files } = await openSampled(word, options);
  const pair = lengthPair(task);
  return { name: task.name, pair, files };
}

function lengthPair(task: Task): Pair {
  const lengths = { train: wordLengths(task.train), dev: wordLengths(task.dev) };
  return lengthShift(task, lengths, 'words', 'split').pair;
}

/** A task by its name in the GLUE folder or any other source, with a sample of its training rows. */
async function openSampled(
  word: string,
  { glue = process.env.GLUE, trainLimit, dataSeed }: ShiftStudyCommandOptions,
): Promise<OpenedTask> {
  const inGlue = glue === undefined || glue === '' ? null : join(glue, word);
  const opened = await openTask(inGlue !== null && existsSync(inGlue) ? inGlue : word);
  if (trainLimit === undefined) return opened;
  return { ...opened, task: sampleTrainRows(opened.task, trainLimit, dataSeed) };
}

function outcomeOf(study: Study, folder: string, isRandom: boolean): Outcome {
  const caution = isRandom
    ? ['The encoder is a small one with random weights, so these figures show the mechanism and no more.', '']
    : [];
  return {
    text: [...caution, studyText(study), '', `Figures, answers and tables are in ${folder}.`].join('\n'),
    json: {
      out: folder,
      seeds: study.seeds,
      level: study.bootstrap.level,
      resamples: study.bootstrap.resamples,
      tasks: study.tasks.map(({ name, pair, settings, figures }) => ({
        task: name,
        kind: pair.kind,
        epochs: settings.epochs.original,
        figures,
      })),
    },
  };
}
