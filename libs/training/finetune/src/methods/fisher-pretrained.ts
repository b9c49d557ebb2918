/**
 * The Fisher information of an encoder's pretrained weights on the masked-language loss, as the paper takes
 * it for EWC: 15 % of each text's tokens replaced by [MASK], the mean over texts of the squared gradient of
 * each text's own mean loss. It depends on encoder and texts alone, so it is taken once and kept in a file,
 * which runs of any seed and method share.
 *
 * The file holds a tensor for each of the encoder's, under its name. The masked-language head is used as it
 * is and not held.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, digestOfFile, fingerprint } from '@layerwise/artifacts';
import { startEngine, viewOf, type EngineName, type Provider } from '@layerwise/engine';
import { fileExists, InputError, makeFolder } from '@layerwise/errors';
import {
  checkWeights,
  checkTokens,
  encoderTensors,
  loadTokenizer,
  longestText,
  maskedLanguageHead,
  openSafetensors,
  readMaskedLanguageHead,
  tokenize,
  writeSafetensors,
  type EncoderFolder,
  type TokenizedTexts,
  type Tokenizer,
} from '@layerwise/model';
import { wholeVocabulary } from '../weights/active-vocabulary.js';
import { epochOrder } from '../batches/batch-order.js';
import { meanSquaredGradients, type FisherProgress } from './fisher.js';
import { maskableTexts, maskTexts, type TextMasking } from '../batches/mask-texts.js';
import { createMaskedTrainer } from '../step/masked-trainer.js';
import type { FisherOptions, StoredFisher } from './method.js';
import { createTrainingState, type TrainingState } from '../step/training-state.js';
import { loadEncoder, planWeights } from '../weights/weights.js';

/** The paper's. */
const MASKED_SHARE = 0.15;

/** Which texts are taken and masked where: not the run's seed, so that runs of all seeds share a file. */
const SEED = 999;

/** Raise it when the same encoder and texts give another information. */
const VERSION = 1;

/** Texts between two savings of what was summed up so far. */
const KEPT_EVERY = 1000;

export interface PretrainedFisherOptions extends FisherOptions, FisherProgress {
  /** Where files of Fisher information are kept, each under a name that says of what it is. */
  readonly folder: string;
  /** Tokens of a text at most. */
  readonly maximumLength: number;
  readonly engine: EngineName;
  readonly provider: Provider;
  readonly threads: number;
}

/** Texts, of which some are pairs. */
export interface FisherTexts {
  readonly text: readonly string[];
  readonly pair: readonly string[] | null;
}

/**
 * Takes the information over at most `options.texts` of `corpus`, or finds it in the folder. Killed at any
 * moment, the same call goes on from what was saved and comes to the same bits.
 * @throws InputError where the encoder has no masked-language head, its tokeniser no [MASK], or no text a
 * word
 * @throws the signal's reason soon after it was aborted
 */
export async function fisherOfPretrained(
  encoder: EncoderFolder,
  corpus: FisherTexts,
  options: PretrainedFisherOptions,
): Promise<StoredFisher> {
  checkWeights(encoder.tensors);
  const head = readMaskedLanguageHead(encoder);
  const tokenizer = await loadTokenizer(encoder.folder);
  const masking = maskingOf(tokenizer, encoder.config.architecture.maskToken);
  const tokens = await tokensOf(tokenizer, encoder, corpus, options);
  const rows = maskableTexts(tokens, masking);
  if (rows.length === 0)
    throw new InputError('No text of the corpus holds a word, so there is no Fisher information to take.');
  const key = fingerprint({
    version: VERSION,
    encoder: await Promise.all(encoder.weightFiles.map((file) => digestOfFile(file))),
    config: encoder.config.raw,
    tokens: [tokens.offsets, tokens.ids, tokens.types].map((part) => digestOf(part)),
    masking: [MASKED_SHARE, masking.maskId, [...masking.specialIds]],
    batch: options.batch,
  });
  const file = join(options.folder, `${key.slice(0, 24)}.safetensors`);
  if (!fileExists(file)) {
    makeFolder(options.folder);
    await take({ encoder, head, tokens, rows, masking, file }, options);
  }
  return { file, digest: await digestOfFile(file) };
}

interface MaskedTexts {
  readonly encoder: EncoderFolder;
  readonly head: ReadonlyMap<string, Float32Array>;
  readonly tokens: TokenizedTexts;
  /** Those that hold a word. */
  readonly rows: Int32Array;
  readonly masking: TextMasking;
  /** Where the information goes. */
  readonly file: string;
}

async function take(
  { encoder, head, tokens, rows, masking, file }: MaskedTexts,
  options: PretrainedFisherOptions,
): Promise<void> {
  const { batch, threads } = options;
  const state = stateOf(encoder, head, batch, tokens.maximumLength);
  const sum = state.squares!;
  const begun = `${file}.begun`;
  const from = restore(state, begun);
  const engine = await startEngine(options.engine, { provider: options.provider, threads });
  const trainer = await createMaskedTrainer(engine, state);
  try {
    await meanSquaredGradients(
      state.memory,
      state.gradients,
      (taken) => trainer.backward(maskTexts(tokens, taken, masking)),
      {
        ...options,
        rows,
        sum,
        from,
        afterBatch: async (done) => {
          const due = Math.floor(done / KEPT_EVERY) > Math.floor((done - batch) / KEPT_EVERY);
          if (done < rows.length && (due || options.signal.aborted)) await write(begun, state, done);
        },
      },
    );
  } finally {
    await trainer.dispose();
  }
  await write(file, state, rows.length);
  await rm(begun, { force: true });
}

/** All of the vocabulary, because the tied decoder sees all of it. */
function stateOf(
  { config, tensors }: EncoderFolder,
  head: ReadonlyMap<string, Float32Array>,
  texts: number,
  length: number,
): TrainingState {
  const plan = planWeights(config, wholeVocabulary(config.vocabularySize), () => 0, [
    maskedLanguageHead(config),
  ]);
  const state = createTrainingState({
    plan,
    recipe: { name: 'sgd', momentum: 0 },
    limits: { texts, trainedTexts: texts, length },
    sites: [],
    accumulate: false,
    squares: true,
  });
  loadEncoder(plan, tensors, state.parameters.floats);
  for (const [name, data] of head) viewOf(state.parameters.floats, plan.layout, name).set(data);
  return state;
}

/** The texts that are taken, as tokens. */
async function tokensOf(
  tokenizer: Tokenizer,
  encoder: EncoderFolder,
  { text, pair }: FisherTexts,
  { texts, maximumLength }: PretrainedFisherOptions,
): Promise<TokenizedTexts> {
  const rows = epochOrder(SEED, 0, 0, text.length).subarray(0, texts);
  const picked = (list: readonly string[]): string[] => Array.from(rows, (row) => list[row]!);
  const tokens = await tokenize(
    tokenizer,
    picked(text),
    pair && picked(pair),
    Math.min(maximumLength, longestText(encoder.config)),
  );
  checkTokens(tokens, encoder);
  return tokens;
}

function maskingOf({ file, idOf, specialIds }: Tokenizer, maskToken: string): TextMasking {
  const maskId = idOf(maskToken);
  if (maskId === undefined)
    throw new InputError(`${file} has no token ${maskToken}, without which masked words cannot be told.`);
  return { share: MASKED_SHARE, maskId, specialIds: new Set(specialIds), seed: SEED };
}

async function write(file: string, state: TrainingState, done: number): Promise<void> {
  const { layout, config } = state.plan;
  const tensors = encoderTensors(config).map(({ name, shape }) => {
    return { name, shape, data: viewOf(state.squares!.floats, layout, name) };
  });
  await writeSafetensors(file, tensors, { metadata: { texts: String(done) } });
}

/** Puts sums back that a call which was stopped or killed had saved; gives the texts in them. */
function restore({ plan, squares }: TrainingState, file: string): number {
  if (!fileExists(file)) return 0;
  const stored = openSafetensors(file);
  loadEncoder(plan, stored, squares!.floats);
  return Number(stored.metadata['texts'] ?? 0);
}
