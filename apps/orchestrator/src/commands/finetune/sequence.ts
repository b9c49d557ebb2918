/**
 * `layerwise finetune --sequence A,B,C` behind its options: any number of tasks one after another, and the
 * accuracy on each after every phase. The run itself is `completeSequence` of `@layerwise/finetune`;
 * `run.ts` is the same for a pair.
 */
import { join } from 'node:path';
import { startStopwatch } from '@layerwise/artifacts';
import { openTask, type OpenedTask } from '@layerwise/datasets';
import { InputError } from '@layerwise/errors';
import {
  completeSequence,
  PLAIN,
  prepareSequence,
  readSequence,
  sequenceFingerprint,
  settingsFrom,
  tokenizerOf,
  writeSequenceManifest,
  type AccuracyMatrix,
} from '@layerwise/finetune';
import { commonTaskOptions } from '../../options/task-options.js';
import { openEncoderSource } from '../../running/encoder-source.js';
import type { Outcome } from '../../running/run-command.js';
import { dataCacheFolder } from '../../running/workspace.js';
import { methodInputs } from './method-inputs.js';
import type { SequenceCommandOptions } from './options.js';
import { sequenceText } from './text.js';
import { trainInFolder, type FolderRun } from './train-in-folder.js';

export async function runSequenceCommand(options: SequenceCommandOptions): Promise<Outcome> {
  const times = startStopwatch();
  const sources = options.sequence.split(',').map((source) => source.trim());
  if (sources.length < 2 || sources.includes(''))
    throw new InputError('--sequence takes two tasks or more, separated by commas.');
  const taskOptions = commonTaskOptions(options);
  const encoder = await openEncoderSource(options.encoder);
  const opened: OpenedTask[] = [];
  for (const source of sources) opened.push(await openTask(source, taskOptions));
  const [first] = opened;
  if (!first) throw new RangeError('a sequence of no tasks');
  const warnings = opened.flatMap(({ notes }) => notes);
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
  warnings.push(...run.notes);

  const folderRun: FolderRun<number, AccuracyMatrix> = {
    stage: 'finetune-sequence',
    fingerprint: sequenceFingerprint(run),
    tasks: opened.map((one) => [one.task.name, one]),
    encoder,
    lastClassifier: `classifier-${names.length - 1}`,
    counts: {},
    describe: (phase) => ({ task: names[phase] ?? '', place: `${phase + 1} of ${names.length}` }),
    train: async (training) => {
      const end = await completeSequence(run, settings, training);
      if (end.kind === 'stopped') return end;
      const at = (phase: number, task: number) => end.matrix[phase]?.[task] ?? null;
      const result = names.map((_, phase) => names.map((_, task) => at(phase, task)));
      return { kind: 'finished', result };
    },
    writeManifest: (folder, provenance) => writeSequenceManifest(folder, run, settings, provenance),
    read: (folder) => readSequence(folder, names.length),
    isComplete,
  };
  const trained = await trainInFolder(folderRun, options, times, warnings);
  const { result: matrix, folder, reused } = trained;
  const method = settings.method?.name ?? PLAIN;
  return outcomeOf({ names, method, seed: settings.seed, folder, matrix, reused, warnings });
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
  return {
    text: [
      sequenceText(names, method, matrix, reused),
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
