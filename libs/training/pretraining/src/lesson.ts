/**
 * What a teacher gives a corpus: its sentences, and the vector that another encoder makes of each. Sentences
 * are the Unicode Consortium's (UAX 29), as `Intl.Segmenter` cuts them; a text that occurs again is taken
 * once.
 */
import type { Split } from '@layerwise/artifacts';
import { embedTask, scaleToLengthOne } from '@layerwise/embeddings';
import { InputError } from '@layerwise/errors';
import type { CorpusFile, TaughtBatch } from '@layerwise/finetune';
import { packBatch, type Pooling, type TokenRows, type Tokenizer } from '@layerwise/model';
import { maskPacked, type MaskingRule } from './masking.js';
import type { PretrainingSettings } from './settings.js';
import type { Frame } from './token-stream.js';

/** Sentences as tokens, and the teacher's vector of each [texts, size], of length 1. */
export interface TaughtTexts {
  readonly tokens: TokenRows;
  readonly vectors: Float32Array;
}

export interface Lesson {
  readonly size: number;
  readonly training: TaughtTexts;
  readonly heldOut: TaughtTexts;
}

/** The encoder that teaches, and how its tokens become a vector; null: as its folder says. */
export interface Teacher {
  readonly folder: string;
  readonly pooling: Pooling | null;
  /** Where its vectors are kept while they are made, so that killed work goes on. */
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/**
 * Tokens of the shortest sentence, special ones included: below it, little is said that a vector could hold.
 */
const SHORTEST = 6;

/**
 * Cuts the corpus into sentences of at most `length` tokens and has the teacher read them.
 * @throws InputError where the corpus has no sentence to train on or to hold out, or the teacher is no usable
 * encoder; the signal's reason soon after it was aborted.
 */
export async function prepareLesson(
  corpus: readonly CorpusFile[],
  tokenizer: Tokenizer,
  frame: Frame,
  { heldOut, length, engine, provider, threads }: PretrainingSettings,
  teacher: Teacher,
): Promise<Lesson> {
  const sentences = await splitSentences(corpus, tokenizer, frame, heldOut, length);
  const { embeddings, normalized } = await embedTask(
    { name: 'the corpus', labels: ['text'], train: sentences.training.split, dev: sentences.heldOut.split },
    teacher.folder,
    {
      pooling: teacher.pooling,
      engine,
      provider,
      threads,
      cacheFolder: teacher.cacheFolder,
      signal: teacher.signal,
      progress: teacher.progress,
      maximumLength: TEACHER_LENGTH,
      batchTokens: TEACHER_BATCH,
    },
  );
  const { size } = embeddings.train;
  const taught = (tokens: TokenRows, vectors: Float32Array): TaughtTexts => {
    if (!normalized) scaleToLengthOne(vectors, size);
    return { tokens, vectors };
  };
  return {
    size,
    training: taught(sentences.training.tokens, embeddings.train.values),
    heldOut: taught(sentences.heldOut.tokens, embeddings.dev.values),
  };
}

/** Tokens of a text and of a batch as the teacher reads them. */
const [TEACHER_LENGTH, TEACHER_BATCH] = [128, 2048];

interface Sentences {
  readonly split: Split;
  readonly tokens: TokenRows;
}

/**
 * Sentences of at most `length` tokens, [CLS] and [SEP] included. Of each file those in its last `heldOut` of
 * tokens are held out, at the same token as in `token-stream.ts`, and one that this token divides is left
 * out.
 */
export async function splitSentences(
  corpus: readonly CorpusFile[],
  tokenizer: Tokenizer,
  frame: Frame,
  heldOut: number,
  length: number,
): Promise<{ training: Sentences; heldOut: Sentences }> {
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const seen = new Set<string>();
  const sides = { training: collector(frame), heldOut: collector(frame) };
  for (const { paragraphs } of corpus) {
    const segments = paragraphs.flatMap((paragraph) =>
      Array.from(segmenter.segment(paragraph), ({ segment }) => segment),
    );
    const { offsets, ids } = await tokenizer.encode(segments);
    const split = Math.floor(ids.length * (1 - heldOut));
    for (const [row, segment] of segments.entries()) {
      const [text, begin, end] = [segment.trim(), offsets[row]!, offsets[row + 1]!];
      const tokens = end - begin + 2;
      const side = end <= split ? sides.training : begin >= split ? sides.heldOut : null;
      if (side === null || tokens < SHORTEST || tokens > length || seen.has(text)) continue;
      seen.add(text);
      side.add(text, ids.subarray(begin, end));
    }
  }
  for (const [what, side] of Object.entries(sides)) {
    if (side.texts.length > 0) continue;
    throw new InputError(
      `The corpus has no sentence of ${SHORTEST} to ${length} tokens as ${what === 'training' ? 'training' : 'held-out'} text; give more text, a larger --length, or another --held-out.`,
    );
  }
  return { training: sides.training.finished(), heldOut: sides.heldOut.finished() };
}

function collector({ first, last }: Frame) {
  const texts: string[] = [];
  const ids: number[] = [];
  const offsets = [0];
  return {
    texts,
    add(text: string, tokens: Int32Array): void {
      texts.push(text);
      ids.push(first, ...tokens, last);
      offsets.push(ids.length);
    },
    finished: (): Sentences => ({
      split: {
        index: Int32Array.from(texts.keys()),
        text: texts,
        pair: null,
        label: new Int32Array(texts.length),
      },
      tokens: {
        offsets: Int32Array.from(offsets),
        ids: Int32Array.from(ids),
        types: new Uint8Array(ids.length),
      },
    }),
  };
}

/**
 * Masked sentences at `rows` of `texts`, [CLS] of each beside the teacher's vector; `key` as in `maskPacked`.
 */
export function taughtBatch(
  { tokens, vectors }: TaughtTexts,
  rows: Int32Array,
  size: number,
  rule: MaskingRule,
  key: readonly number[],
): TaughtBatch {
  const masked = maskPacked(packBatch(tokens, rows), rule, key);
  return withTeacher(masked, vectors, rows, size);
}

/** The same sentences as they are, where nothing is to be told. */
export function readBatch({ tokens, vectors }: TaughtTexts, rows: Int32Array, size: number): TaughtBatch {
  return withTeacher({ packed: packBatch(tokens, rows), rows: [], ids: [] }, vectors, rows, size);
}

function withTeacher(
  { packed, rows: told, ids }: Pick<TaughtBatch, 'packed' | 'rows' | 'ids'>,
  vectors: Float32Array,
  rows: Int32Array,
  size: number,
): TaughtBatch {
  const { texts } = packed;
  const teacher = new Float32Array(texts * size);
  rows.forEach((row, text) => {
    teacher.set(vectors.subarray(row * size, (row + 1) * size), text * size);
  });
  const count = texts + told.length;
  const joined = { rows: new Int32Array(count), ids: new Int32Array(count) };
  // The first rows are the texts' first tokens; they tell no word, so that their id and weight are 0.
  for (let text = 0; text < texts; text++) joined.rows[text] = text;
  joined.rows.set(told, texts);
  joined.ids.set(ids, texts);
  const weights = new Float32Array(count).fill(1 / Math.max(1, told.length), texts);
  return { packed, ...joined, weights, teacher };
}
