/**
 * What a run needs before its first step: token ids of both tasks, weights in flat memory, heads, dropout sites. Nothing
 * here depends on how far an earlier run came.
 */
import { digestOf, digestOfFile, fingerprint, type Split, type Task } from '@layerwise/artifacts';
import { viewOf } from '@layerwise/engine';
import { InputError } from '@layerwise/errors';
import {
  architectureOf,
  denseHead,
  dropoutSites,
  initializeHead,
  layerOf,
  type ClassifierOptions,
  type DropoutSite,
  type EncoderConfig,
  type EncoderFolder,
  type FloatTensor,
  type TokenizedTexts,
} from '@layerwise/model';
import { assignGroups } from '@layerwise/optimizers';
import { occurringVocabulary, wholeVocabulary } from './active-vocabulary.js';
import { EVALUATION_TEXTS } from './evaluate.js';
import { PHASES, type Phase, type Settings } from './settings.js';
import { createTrainingState, type TrainingState } from './trainer.js';
import { loadEncoder, planWeights } from './weights.js';

/** Turns texts into token ids, cut to a maximum length; handed in so that a cache may stand behind it. */
export type Tokenize = (
  texts: readonly string[],
  pairs: readonly string[] | null,
  maximumLength: number,
) => Promise<TokenizedTexts>;

/** One task as a run uses it. */
export interface PreparedTask {
  readonly task: Task;
  readonly train: TokenizedTexts;
  readonly dev: TokenizedTexts;
  readonly program: ClassifierOptions;
  /** `head.original` or `head.shifted`. */
  readonly headName: string;
}

export interface PreparedRun {
  readonly encoder: EncoderFolder;
  readonly tasks: Readonly<Record<Phase, PreparedTask>>;
  readonly sites: readonly DropoutSite[];
  readonly state: TrainingState;
  readonly fingerprint: string;
  /** The layer group that each head is in: its rate is the head's while its own task trains. */
  readonly headGroups: Readonly<Record<Phase, number>>;
  /** The heads' first weights by name, for whoever repeats the run elsewhere. */
  readonly initialHeads: readonly FloatTensor[];
}

/** Raise it when the same settings and data give other results than before. */
export const PROTOCOL_VERSION = 1;

/**
 * @throws InputError when a task does not fit (no rows, texts longer than the encoder's table of positions) or the
 * grouping leaves a tensor out.
 */
export async function prepareRun(
  tasks: Readonly<Record<Phase, Task>>,
  encoder: EncoderFolder,
  tokenize: Tokenize,
  settings: Settings,
): Promise<PreparedRun> {
  const config = withDropout(encoder.config, settings.dropout);
  const maximumLength = limitedLength(config, settings.maximumLength);
  const prepared = {
    original: await prepareTask('original', tasks.original, config, maximumLength, tokenize),
    shifted: await prepareTask('shifted', tasks.shifted, config, maximumLength, tokenize),
  };
  const texts = PHASES.flatMap((phase) => [prepared[phase].train, prepared[phase].dev]);

  const { grouping, optimizer } = settings;
  const groupOf = groupIndex(encoder, prepared, settings);
  const headGroups = {
    original: groupOf(`${prepared.original.headName}.weight`),
    shifted: groupOf(`${prepared.shifted.headName}.weight`),
  };
  const vocabulary =
    optimizer.name === 'adamw'
      ? wholeVocabulary(config.vocabularySize)
      : occurringVocabulary(config.vocabularySize, texts);
  // In flat memory each head is in a group of its own behind the encoder's, so that the other can stand still.
  const heads = PHASES.map((phase, place) => ({
    head: prepared[phase].program.head,
    group: grouping.groups.length + place,
  }));
  const plan = planWeights(config, vocabulary, groupOf, heads);
  const sites = dropoutSites(config, config.classifierDropout, true);
  const length = texts.reduce((longest, split) => Math.max(longest, split.maximumLength), 1);
  const state = createTrainingState({
    plan,
    recipe: optimizer,
    limits: { texts: Math.max(settings.batch, EVALUATION_TEXTS), length, trainedTexts: settings.batch },
    sites,
    accumulate: settings.accumulate > 1,
  });
  loadEncoder(plan, encoder.tensors, state.parameters.floats);
  const initialHeads = PHASES.flatMap((phase, place) => {
    const { headName, program } = prepared[phase];
    // Seeds of the two heads differ, so that heads of equal size start differently.
    return initializeHead(config, program.labels, 2 * settings.seed + place).map(({ name, shape, fill }) => {
      const view = viewOf(state.parameters.floats, plan.layout, name.replace('classifier', headName));
      fill(view);
      return { name: name.replace('classifier', headName), shape, data: view.slice() };
    });
  });
  return {
    encoder,
    tasks: prepared,
    sites,
    state,
    headGroups,
    initialHeads,
    fingerprint: await runFingerprint(prepared, encoder, settings),
  };
}

async function prepareTask(
  phase: Phase,
  task: Task,
  config: EncoderConfig,
  maximumLength: number,
  tokenize: Tokenize,
): Promise<PreparedTask> {
  for (const [name, split] of [
    ['train', task.train],
    ['dev', task.dev],
  ] as const) {
    if (split.label.length === 0)
      throw new InputError(`The ${name} split of the task ${task.name} has no rows.`);
  }
  const ids = ({ text, pair }: Split): Promise<TokenizedTexts> => tokenize(text, pair, maximumLength);
  const headName = `head.${phase}`;
  const labels = task.labels.length;
  return {
    task,
    headName,
    train: await ids(task.train),
    dev: await ids(task.dev),
    program: { config, head: denseHead(headName, config.hiddenSize, labels), labels },
  };
}

/** The encoder's positions bound the length of a text. */
function limitedLength(config: EncoderConfig, wanted: number): number {
  const { positionOffset } = architectureOf(config);
  return Math.min(wanted, config.maximumPositions - positionOffset);
}

function withDropout(config: EncoderConfig, dropout: number | null): EncoderConfig {
  return dropout === null
    ? config
    : { ...config, hiddenDropout: dropout, attentionDropout: dropout, classifierDropout: dropout };
}

function encoderNames(encoder: EncoderFolder): string[] {
  return encoder.tensors.shapes.map((tensor) => tensor.name);
}

function layerOfTensor(encoder: EncoderFolder): (name: string) => number | 'embeddings' | 'head' {
  return (name) => layerOf(encoder.architecture, encoder.config, name);
}

/** The layer group of every tensor, heads included. @throws InputError when the grouping leaves one out. */
function groupIndex(
  encoder: EncoderFolder,
  tasks: Readonly<Record<Phase, PreparedTask>>,
  { grouping }: Settings,
): (name: string) => number {
  const headNames = PHASES.flatMap((phase) => tasks[phase].program.head.tensors.map((tensor) => tensor.name));
  const names = [...encoderNames(encoder), ...headNames];
  const groups = assignGroups(grouping, names, layerOfTensor(encoder));
  const byName = new Map(names.map((name, place) => [name, groups[place] ?? 0]));
  return (name) => byName.get(name) ?? 0;
}

/** Equal for runs that must come to the same bits on one machine. */
async function runFingerprint(
  tasks: Readonly<Record<Phase, PreparedTask>>,
  encoder: EncoderFolder,
  settings: Settings,
): Promise<string> {
  const digests = PHASES.map((phase) => {
    const { task, train, dev } = tasks[phase];
    const parts = [
      train.offsets,
      train.ids,
      train.types,
      task.train.label,
      dev.offsets,
      dev.ids,
      dev.types,
      task.dev.label,
    ];
    return { name: task.name, labels: task.labels, rows: parts.map((part) => digestOf(part)) };
  });
  const { grouping, ...others } = settings;
  return fingerprint({
    protocol: PROTOCOL_VERSION,
    settings: { ...others, grouping: grouping.fingerprint },
    tasks: digests,
    config: encoder.config.raw,
    encoder: await digestOfFile(encoder.file),
  });
}
