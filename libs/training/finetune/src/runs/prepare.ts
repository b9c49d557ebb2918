/**
 * What a run needs before its first step: token ids of both tasks, weights in flat memory, heads, dropout
 * sites. Nothing here depends on how far an earlier run came.
 */
import type { Split, Task } from '@layerwise/artifacts';
import { viewOf } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  checkTokens,
  longestText,
  denseHead,
  dropoutSites,
  initializeHead,
  type ClassifierOptions,
  type DropoutSite,
  type EncoderConfig,
  type EncoderFolder,
  type FloatTensor,
  type TokenizedTexts,
} from '@layerwise/model';
import { occurringVocabulary, wholeVocabulary } from '../weights/active-vocabulary.js';
import { EVALUATION_TEXTS } from '../phases/evaluate.js';
import { refuseStillPhases } from '../phases/still-phase.js';
import { PHASES, type Phase, type Settings } from '../settings.js';
import { createTrainingState, type TrainingState } from '../step/training-state.js';
import { flatGroupIndex } from '../weights/flat-groups.js';
import { loadEncoder, planWeights } from '../weights/weights.js';
import { runFingerprint } from './run-fingerprint.js';

/** Turns texts into token ids, cut to a maximum length; handed in so that a cache may stand behind it. */
export type Tokenize = (
  texts: readonly string[],
  pairs: readonly string[] | null,
  maximumLength: number,
) => Promise<TokenizedTexts>;

/** Rows that a task is evaluated on. */
export interface EvaluatedSplit {
  readonly texts: TokenizedTexts;
  readonly labels: Int32Array;
}

/** One task as a run uses it. */
export interface PreparedTask {
  readonly task: Task;
  readonly train: TokenizedTexts;
  readonly dev: TokenizedTexts;
  /** Rows beside `dev` on which a whole run is evaluated too, where some were given. */
  readonly report: EvaluatedSplit | null;
  readonly program: ClassifierOptions;
  /** `head.original` or `head.shifted`; in a longer sequence `head.0`, `head.1`, …. */
  readonly headName: string;
}

/** Tasks one after another on one encoder, as long as the sequence may be. */
export interface PreparedSequence {
  readonly encoder: EncoderFolder;
  /** In the order of their phases. */
  readonly sequence: readonly PreparedTask[];
  readonly sites: readonly DropoutSite[];
  readonly state: TrainingState;
  readonly fingerprint: string;
  /** What its user has to know of the encoder: what was left out of it, rows that are not finite. */
  readonly notes: readonly string[];
  /** The heads' first weights by name, for whoever repeats the run elsewhere. */
  readonly initialHeads: readonly FloatTensor[];
}

/** Training rows of every task, in their order. */
export function trainSizes({ sequence }: PreparedSequence): number[] {
  return sequence.map(({ task }) => task.train.label.length);
}

/** The two tasks of the protocol. */
export interface PreparedRun extends PreparedSequence {
  readonly tasks: Readonly<Record<Phase, PreparedTask>>;
}

/** A task, and how its head is called. */
interface TaskWithHead {
  readonly headName: string;
  readonly task: Task;
  /** Rows on which it is evaluated beside its dev split. */
  readonly report: Split | null;
}

/**
 * @throws InputError when a task does not fit (no rows, texts longer than the encoder's table of positions),
 * the grouping leaves a tensor out, or no weight can move in a phase.
 */
export async function prepareRun(
  tasks: Readonly<Record<Phase, Task>>,
  encoder: EncoderFolder,
  tokenize: Tokenize,
  settings: Settings,
): Promise<PreparedRun> {
  return refuseStill(await prepareTrial(tasks, encoder, tokenize, settings, null), settings);
}

/**
 * A run as a search tries it: with rates that may all be 0, and ended where its rung ends.
 * @param reports rows on which whole runs are evaluated beside the dev splits: a search that chooses by rows
 * of its own as `dev` gives the tasks' dev splits here
 * @throws InputError as `prepareRun` does, but not for rates
 */
export async function prepareTrial(
  tasks: Readonly<Record<Phase, Task>>,
  encoder: EncoderFolder,
  tokenize: Tokenize,
  settings: Settings,
  reports: Readonly<Record<Phase, Split>> | null,
): Promise<PreparedRun> {
  const withHeads = PHASES.map((phase): TaskWithHead => {
    return { headName: `head.${phase}`, task: tasks[phase], report: reports?.[phase] ?? null };
  });
  const run = await prepareTasks(withHeads, encoder, tokenize, settings);
  const [original, shifted] = run.sequence;
  if (!original || !shifted) throw new RangeError('two tasks were prepared');
  return { ...run, tasks: { original, shifted } };
}

/** The same for any number of tasks. @throws InputError as `prepareRun` does */
export async function prepareSequence(
  tasks: readonly Task[],
  encoder: EncoderFolder,
  tokenize: Tokenize,
  settings: Settings,
): Promise<PreparedSequence> {
  const withHeads = tasks.map((task, place) => ({ headName: `head.${place}`, task, report: null }));
  return refuseStill(await prepareTasks(withHeads, encoder, tokenize, settings), settings);
}

function refuseStill<Run extends PreparedSequence>(run: Run, settings: Settings): Run {
  const held = new Set(run.state.plan.layout.places.map(({ group }) => group));
  const tasks = run.sequence.map(({ task }) => task);
  refuseStillPhases(tasks, settings, (group) => held.has(group));
  return run;
}

async function prepareTasks(
  tasks: readonly TaskWithHead[],
  encoder: EncoderFolder,
  tokenize: Tokenize,
  settings: Settings,
): Promise<PreparedSequence> {
  const config = withDropout(encoder.config, settings.dropout);
  const maximumLength = Math.min(settings.maximumLength, longestText(config));
  const ids = async ({ text, pair }: Split): Promise<TokenizedTexts> => {
    const tokens = await tokenize(text, pair, maximumLength);
    checkTokens(tokens, encoder);
    return tokens;
  };
  const prepared: PreparedTask[] = [];
  for (const task of tasks) prepared.push(await prepareTask(task, config, ids, settings.recompute));
  const labelled = prepared.map(({ task: { name, labels, train, dev }, ...tokens }) => {
    const splits: EvaluatedSplit[] = [
      { texts: tokens.train, labels: train.label },
      { texts: tokens.dev, labels: dev.label },
    ];
    return { name, labels, splits: tokens.report === null ? splits : [...splits, tokens.report] };
  });
  const texts = labelled.flatMap(({ splits }) => splits.map((split) => split.texts));

  const { optimizer } = settings;
  const penalties = settings.method?.penalties ?? [];
  // A penalty pulls back what AdamW's decay takes, also from rows that no text contains.
  const vocabulary =
    optimizer.name === 'adamw' && penalties.length > 0
      ? wholeVocabulary(config.vocabularySize)
      : occurringVocabulary(config.vocabularySize, texts);
  const heads = prepared.map(({ program }) => program.head);
  const plan = planWeights(config, vocabulary, flatGroupIndex(encoder, heads, settings.grouping), heads);
  const sites = dropoutSites(config, config.classifierDropout, true);
  const length = texts.reduce((longest, split) => Math.max(longest, split.maximumLength), 1);
  const state = createTrainingState({
    plan,
    recipe: optimizer,
    limits: { texts: Math.max(settings.batch, EVALUATION_TEXTS), length, trainedTexts: settings.batch },
    sites,
    earlier: (settings.method?.smart?.proximity ?? 0) > 0,
    accumulate: settings.accumulate > 1 || settings.method?.replay !== undefined,
    penalties,
  });
  const notes = loadEncoder(plan, encoder.tensors, state.parameters.floats);
  const initialHeads = prepared.flatMap(({ headName, program }, place) => {
    // Seeds of the heads differ, so that heads of equal size start differently; those of later tasks lie out
    // of the way of other seeds.
    const seed = 2 * settings.seed + (place % 2) + Math.floor(place / 2) * 2 ** 28;
    return initializeHead(config, program.labels, seed).map(({ name, shape, fill }) => {
      const view = viewOf(state.parameters.floats, plan.layout, name.replace('classifier', headName));
      fill(view);
      return { name: name.replace('classifier', headName), shape, data: view.slice() };
    });
  });
  return {
    encoder,
    sequence: prepared,
    sites,
    state,
    initialHeads,
    notes: [...encoder.notes, ...notes],
    fingerprint: await runFingerprint(labelled, encoder, settings),
  };
}

async function prepareTask(
  { headName, task, report }: TaskWithHead,
  config: EncoderConfig,
  ids: (split: Split) => Promise<TokenizedTexts>,
  recompute = false,
): Promise<PreparedTask> {
  for (const [name, split] of [
    ['train', task.train],
    ['dev', task.dev],
  ] as const) {
    if (split.label.length === 0)
      throw new InputError(`The ${name} split of the task ${task.name} has no rows.`);
  }
  const labels = task.labels.length;
  return {
    task,
    headName,
    train: await ids(task.train),
    dev: await ids(task.dev),
    report: report === null ? null : { texts: await ids(report), labels: report.label },
    program: { config, head: denseHead(headName, config.hiddenSize, labels), labels, recompute },
  };
}

function withDropout(config: EncoderConfig, dropout: number | null): EncoderConfig {
  return dropout === null
    ? config
    : { ...config, hiddenDropout: dropout, attentionDropout: dropout, classifierDropout: dropout };
}
