/**
 * The pairs of a `layerwise shift-study`: a word of `--tasks` becomes a task, with a sample of its training
 * rows, and the task the pair that `--kind` asks for. How rows are told apart is the shift libs' affair.
 */
import { join } from 'node:path';
import type { Task } from '@layerwise/artifacts';
import { chosenClusters, clusterShift, clusterShiftStage } from '@layerwise/cluster-shift';
import { openTask, type OpenedTask } from '@layerwise/datasets';
import { embedTask } from '@layerwise/embeddings';
import { InputError } from '@layerwise/errors';
import { lengthShift } from '@layerwise/length-shift';
import { checkParts, pairOfTasks, wordLengths, type Pair } from '@layerwise/pairs';
import { sampleTrainRows } from '@layerwise/shift-study';
import type { ShiftStudyCommandOptions } from './options.js';
import { pairOfTaskWords, taskSource } from '../../options/task-words.js';
import { warn } from '../../running/warnings.js';
import { dataCacheFolder } from '../../running/workspace.js';

/**
 * Tokens of a forward pass of the encoder. Not an option: another number rounds vectors otherwise, which can
 * move a row to another cluster.
 */
const BATCH_TOKENS = 4096;

export interface StudyPair {
  /** Of the task, or of both. */
  readonly name: string;
  readonly pair: Pair;
  /** What was read. */
  readonly files: readonly string[];
}

export interface PairContext {
  /** Of the encoder whose embeddings are clustered. */
  readonly encoderFolder: string;
  /** One line for the person who waits. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @throws InputError where there is no such task, or a part of it is too small or of one label */
export async function pairOf(
  word: string,
  options: ShiftStudyCommandOptions,
  context: PairContext,
): Promise<StudyPair> {
  const found =
    options.kind === 'dataset'
      ? await pairOfWords(word, options)
      : await cutOfWord(word, options.kind, options, context);
  checkParts(found.pair, { minimumRows: options.minimumRows });
  return found;
}

async function pairOfWords(word: string, options: ShiftStudyCommandOptions): Promise<StudyPair> {
  const words = pairOfTaskWords(word);
  if (words === null)
    throw new InputError(`--kind dataset needs two tasks as A:B in --tasks, not "${word}".`);
  const [first, second] = words;
  const original = await openSampled(first, options);
  const shifted = await openSampled(second, options);
  return {
    name: `${original.task.name} then ${shifted.task.name}`,
    pair: pairOfTasks(original.task, shifted.task),
    files: [...original.files, ...shifted.files],
  };
}

async function cutOfWord(
  word: string,
  kind: 'length' | 'cluster',
  options: ShiftStudyCommandOptions,
  context: PairContext,
): Promise<StudyPair> {
  const { task, files } = await openSampled(word, options);
  const pair = kind === 'length' ? cutByLength(task) : await cutByCluster(task, options, context);
  return { name: task.name, pair, files };
}

function cutByLength(task: Task): Pair {
  const lengths = { train: wordLengths(task.train), dev: wordLengths(task.dev) };
  return lengthShift(task, lengths, 'words', 'split').pair;
}

/** Clusters are numbered by size: D_o is the largest, D_s the next. */
async function cutByCluster(
  task: Task,
  { k, dataSeed, pooling, maxLength, engine, provider, threads }: ShiftStudyCommandOptions,
  { encoderFolder, progress, signal }: PairContext,
): Promise<Pair> {
  const { embeddings } = await embedTask(task, encoderFolder, {
    pooling: pooling ?? null,
    maximumLength: maxLength,
    batchTokens: BATCH_TOKENS,
    engine,
    provider,
    threads,
    progress,
    signal,
    cacheFolder: join(dataCacheFolder(), 'embeddings'),
  });
  // What a study does not ask for is as in the stage.
  const { initialization, starts, fit, method, maxIterations } = clusterShiftStage.parameters.parse({});
  const { pair } = await clusterShift(task, embeddings, {
    k,
    seed: dataSeed,
    chosen: chosenClusters(0, 1, k),
    initialization,
    starts,
    fit,
    method,
    maxIterations,
    threads,
    progress,
    signal,
  });
  return pair;
}

/** A task by its name in the GLUE folder or any other source, with a sample of its training rows. */
async function openSampled(
  word: string,
  { glue, trainLimit, dataSeed }: ShiftStudyCommandOptions,
): Promise<OpenedTask> {
  const opened = await openTask(taskSource(word, glue));
  warn(opened.notes);
  if (trainLimit === undefined) return opened;
  return { ...opened, task: sampleTrainRows(opened.task, trainLimit, dataSeed) };
}
