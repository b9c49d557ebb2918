/** Everything that a pretraining run computes with, made from a corpus, a start and settings. */
import { digestOf, fingerprint } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { createTrainingState, planWeights, wholeVocabulary, type TrainingState } from '@layerwise/finetune';
import {
  encoderTensors,
  loadTokenizer,
  maskedLanguageHead,
  teacherProjection,
  type Tokenizer,
} from '@layerwise/model';
import type { CorpusFile } from '@layerwise/finetune';
import { prepareLesson, type Lesson, type Teacher } from './lesson.js';
import type { MaskingRule } from './masking.js';
import type { PretrainingSettings } from './settings.js';
import { refuseStill } from './still.js';
import { fillNew, fillStart, seedOf, startFolder, type Start } from './start-weights.js';
import { tokenStreams, type Frame, type SplitStream } from './token-stream.js';

export interface PreparedPretraining {
  readonly state: TrainingState;
  readonly streams: SplitStream;
  /** Where `settings.teaching` is set. */
  readonly lesson: Lesson | null;
  readonly frame: Frame;
  readonly rule: MaskingRule;
  /** Floats of `state.parameters` from the first on that decay: the matrices. */
  readonly decayed: number;
  /** Nats a token of the training text, if only word frequencies are known. */
  readonly unigramEntropy: number;
  /** Of settings, tokens and first weights: a checkpoint of another run is refused. */
  readonly fingerprint: string;
}

/** Matrices decay under AdamW; biases and norms do not. */
const [DECAYED, SPARED] = [0, 1];

/**
 * Trains or copies the tokeniser into `folder`, tokenises the corpus, has it read by the teacher where there
 * is one, and fills the weights.
 * @throws InputError for a corpus, a start or settings that do not fit together.
 */
export async function preparePretraining(
  corpus: readonly CorpusFile[],
  start: Start,
  settings: PretrainingSettings,
  folder: string,
  teacher: Omit<Teacher, 'pooling'> | null = null,
): Promise<PreparedPretraining> {
  refuseStill(settings);
  const config = await startFolder(start, corpus, folder);
  if (settings.length > config.maximumPositions) {
    throw new InputError(
      `Sequences of ${settings.length} tokens do not fit an encoder of ${config.maximumPositions} positions; lower --length or raise --positions.`,
    );
  }
  const tokenizer = await loadTokenizer(folder);
  const frame = { first: idOf(tokenizer, '[CLS]'), last: idOf(tokenizer, '[SEP]') };
  const streams = await tokenStreams(corpus, tokenizer, settings.heldOut, settings.length);
  const { teaching } = settings;
  if ((teaching === null) !== (teacher === null))
    throw new RangeError('settings say that there is a teacher, and none is given, or the other way round');
  const lesson =
    teaching && teacher
      ? await prepareLesson(corpus, tokenizer, frame, settings, { ...teacher, pooling: teaching.pooling })
      : null;

  const heads = [maskedLanguageHead(config), ...(lesson ? [teacherProjection(config, lesson.size)] : [])];
  const matrices = new Set(
    [...encoderTensors(config), ...heads.flatMap(({ tensors }) => tensors)]
      .filter(({ shape }) => shape.length > 1)
      .map(({ name }) => name),
  );
  const vocabulary = wholeVocabulary(config.vocabularySize);
  const plan = planWeights(config, vocabulary, (name) => (matrices.has(name) ? DECAYED : SPARED), heads);
  const { batch, length, beta2 } = settings;
  const state = createTrainingState({
    plan,
    recipe: { name: 'adam', beta1: 0.9, beta2, epsilon: EPSILON },
    limits: { texts: batch, trainedTexts: batch, length },
    sites: [],
    accumulate: false,
  });
  fillStart(start, plan, state.parameters.floats);
  if (lesson)
    fillNew(teacherProjection(config, lesson.size).tensors, seedOf(start), plan, state.parameters.floats);
  const ids = streams.training.ids;
  return {
    state,
    streams,
    lesson,
    frame,
    rule: {
      share: settings.maskShare,
      masking: settings.masking,
      summarise: settings.summarise,
      maskId: idOf(tokenizer, config.architecture.maskToken),
      specialIds: new Set(tokenizer.specialIds),
      vocabularySize: config.vocabularySize,
    },
    decayed: plan.layout.places.find(({ group }) => group === SPARED)?.offset ?? plan.layout.length,
    unigramEntropy: entropyOf(ids, config.vocabularySize),
    fingerprint: fingerprint({
      settings: { ...settings },
      tokens: digestOf(ids),
      starts: digestOf(streams.training.starts),
      heldOut: digestOf(streams.heldOut.ids),
      weights: digestOf(state.parameters.floats),
      ...(lesson
        ? { lesson: [lesson.training.tokens.ids, lesson.training.vectors].map((part) => digestOf(part)) }
        : {}),
    }),
  };
}

/** Adam's, as RoBERTa was pretrained with (Liu et al. 2019). */
const EPSILON = 1e-6;

function idOf(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.idOf(token);
  if (id === undefined)
    throw new InputError(`${tokenizer.file} has no token ${token}, without which nothing can be masked.`);
  return id;
}

function entropyOf(ids: Int32Array, vocabularySize: number): number {
  const counts = new Float64Array(vocabularySize);
  for (const id of ids) counts[id] = counts[id]! + 1;
  return counts.reduce((sum, count) => {
    const share = count / ids.length;
    return count === 0 ? sum : sum - share * Math.log(share);
  }, 0);
}
