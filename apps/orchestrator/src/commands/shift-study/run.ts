/**
 * `layerwise shift-study` behind its options: makes a pair of each task (`pairs.ts`) and runs the
 * study (`@layerwise/shift-study`) with its progress on stderr.
 */
import { join } from 'node:path';
import {
  digestOfFile,
  refuseForeign,
  startStopwatch,
  whileWriting,
  type Manifest,
} from '@layerwise/artifacts';
import { counted, InputError } from '@layerwise/errors';
import { settingsFrom, tokenizerOf } from '@layerwise/finetune';
import type { EncoderFolder } from '@layerwise/model';
import {
  describeUnit,
  plannedUnits,
  runStudy,
  studyFingerprint,
  studyText,
  writeStudy,
  type Study,
  type StudyEnd,
  type StudyTask,
} from '@layerwise/shift-study';
import type { ShiftStudyCommandOptions } from './options.js';
import { cautionOf, openEncoderSource } from '../../running/encoder-source.js';
import { interruptible } from '../../running/interrupt.js';
import { libraryVersions } from '../../running/library-versions.js';
import { createMeter, processScreen, type Meter } from '../../progress/meter.js';
import type { Outcome } from '../../running/run-command.js';
import { say } from '../../running/say.js';
import { pairOf } from './pairs.js';
import { dataCacheFolder } from '../../running/workspace.js';

/** Of the bootstrap's intervals. */
const LEVEL = 0.95;

export async function runShiftStudy(options: ShiftStudyCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  if (options.out !== undefined) await refuseForeign('shift-study', options.out);
  const encoder = await openEncoderSource(options.encoder);
  const { tasks, inputs } = await interruptible((signal) => studyTasks(options, encoder, signal));
  const fingerprint = await studyFingerprint(tasks, encoder);
  const folder = options.out ?? join(dataCacheFolder(), 'shift-study', fingerprint.slice(0, 12));
  return whileWriting('shift-study', folder, async () => {
    const end = await interruptible((signal) => studyWithProgress(tasks, encoder, options, folder, signal));
    if (end.kind === 'stopped') {
      throw new Error(
        `Stopped in ${describeUnit(end.unit)}; the same command goes on from what is in ${folder}.`,
      );
    }
    const { study } = end;
    const versions = libraryVersions();
    await writeStudy(folder, study, { fingerprint, parameters: { ...options }, inputs, times, versions });
    return outcomeOf(study, folder, cautionOf(options.encoder));
  });
}

/** Pairs and settings of every task, and the digests of all that was read. */
async function studyTasks(
  options: ShiftStudyCommandOptions,
  encoder: EncoderFolder,
  signal: AbortSignal,
): Promise<{ tasks: readonly StudyTask[]; inputs: Manifest['inputs'] }> {
  const epochs = epochsOf(options);
  const { mode, stream } = processScreen(options.json === true);
  const progress = (line: string): void => {
    if (mode !== 'silent') say(line, stream);
  };
  const tasks: StudyTask[] = [];
  const read = encoder.weightFiles.map((path) => ({ name: 'encoder', path }));
  for (const [place, word] of options.tasks.entries()) {
    signal.throwIfAborted();
    const context = { encoderFolder: encoder.folder, progress, signal };
    const { name, pair, files } = await pairOf(word, options, context);
    const choices = {
      ...options,
      epochs: epochs[place] ?? 1,
      optimizer: 'adam',
      accumulate: 1,
      seed: 0,
    } as const;
    tasks.push({ name, pair, settings: settingsFrom(choices, encoder.config.layers) });
    read.push(...files.map((path) => ({ name, path })));
  }
  const inputs = read.map(async ({ name, path }) => ({ name, path, digest: await digestOfFile(path) }));
  return { tasks, inputs: await Promise.all(inputs) };
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
      onUnit: (unit) => {
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
    `--epochs has ${counted(epochs.length, 'number')} for ${counted(tasks.length, 'task')}; give one, or one a task.`,
  );
}

function outcomeOf(study: Study, folder: string, caution: readonly string[]): Outcome {
  return {
    text: [
      ...caution.flatMap((sentence) => [sentence, '']),
      studyText(study),
      '',
      `Figures, answers and tables are in ${folder}.`,
    ].join('\n'),
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
