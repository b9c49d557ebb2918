/**
 * Embeds one split: its distinct texts, tokenised, sorted by length and in batches through the encoder; the
 * vectors go back to the rows that they belong to.
 */
import { digestOf, fingerprint, type Split, type Vectors } from '@layerwise/artifacts';
import { InputError } from '@layerwise/errors';
import { tokenize, type TokenizedTexts } from '@layerwise/model';
import { chunkStore, noStore, type ChunkStore } from './chunk-store.js';
import { distinctTexts, type DistinctTexts } from './distinct-texts.js';
import type { Embedder } from './embedder.js';
import { planBatches, type BatchPlan } from './plan-batches.js';
import { scaleToLengthOne } from './unit-vectors.js';

/** Raise it when the same tokens and encoder give other vectors than before. */
const ALGORITHM = 1;
/** Batches of a chunk: what is lost at most when the process is killed. */
const CHUNK_BATCHES = 16;

/** A split before its first batch. */
export interface PreparedSplit {
  readonly split: Split;
  readonly distinct: DistinctTexts;
  readonly tokens: TokenizedTexts;
  readonly plan: BatchPlan;
  readonly key: string;
}

/** Tokenises. @throws InputError for a text that the tokeniser cannot encode. */
export async function prepareSplit(
  embedder: Embedder,
  split: Split,
  batchTokens: number,
): Promise<PreparedSplit> {
  const distinct = distinctTexts(split);
  const texts = distinct.texts.map(embedder.prepare);
  const tokens = await tokenize(embedder.tokenizer, texts, distinct.pairs, embedder.maximumLength);
  const parts = [tokens.offsets, tokens.ids, tokens.types].map((part) => digestOf(part));
  const key = fingerprint({ ALGORITHM, encoder: embedder.digest, parts, batchTokens });
  return { split, distinct, tokens, plan: planBatches(tokens, batchTokens), key };
}

export interface EmbedSplitOptions {
  /** Keeps finished vectors there; null keeps none. */
  readonly cacheFolder: string | null;
  readonly signal: AbortSignal;
  /** Called with the texts and tokens of each batch that was computed, or of a chunk that was found. */
  readonly onDone: (texts: number, tokens: number, computed: boolean) => void;
}

/**
 * Vectors of all rows, in the split's order.
 * @throws the signal's reason soon after it was aborted; InputError when a vector is not finite.
 */
export async function embedSplit(
  embedder: Embedder,
  prepared: PreparedSplit,
  { cacheFolder, signal, onDone }: EmbedSplitOptions,
): Promise<Vectors> {
  const { split, distinct, plan, key } = prepared;
  const { size } = embedder;
  const store: ChunkStore = cacheFolder === null ? noStore : chunkStore(cacheFolder, key);
  const values = new Float32Array(split.text.length * size);
  const batches = plan.starts.length - 1;
  for (let chunk = 0; chunk * CHUNK_BATCHES < batches; chunk++) {
    signal.throwIfAborted();
    const first = chunk * CHUNK_BATCHES;
    const starts = plan.starts.slice(first, first + CHUNK_BATCHES + 1);
    const order = plan.order.subarray(starts[0], starts.at(-1));
    const kept = await store.read(chunk, order.length, size);
    if (kept) onDone(order.length, tokensOf(prepared, order), false);
    const vectors = kept ?? (await embedChunk(embedder, prepared, starts, signal, onDone));
    if (!kept) await store.write(chunk, size, vectors);
    order.forEach((text, place) => {
      values.set(vectors.subarray(place * size, (place + 1) * size), distinct.firstRow[text]! * size);
    });
  }
  // Rows that repeat an earlier one.
  distinct.textOfRow.forEach((text, row) => {
    const source = distinct.firstRow[text]!;
    if (source !== row) values.copyWithin(row * size, source * size, (source + 1) * size);
  });
  return { index: split.index, size, values };
}

/** Vectors of consecutive batches [texts, size], in their order. */
async function embedChunk(
  embedder: Embedder,
  prepared: PreparedSplit,
  starts: readonly number[],
  signal: AbortSignal,
  onDone: EmbedSplitOptions['onDone'],
): Promise<Float32Array> {
  const { size } = embedder;
  const { tokens, plan, distinct } = prepared;
  const first = starts[0]!;
  const values = new Float32Array((starts.at(-1)! - first) * size);
  for (let batch = 0; batch + 1 < starts.length; batch++) {
    signal.throwIfAborted();
    const start = starts[batch]!;
    const texts = plan.order.subarray(start, starts[batch + 1]);
    const vectors = await embedder.embed(tokens, texts);
    const bad = vectors.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const row = distinct.firstRow[texts[Math.floor(bad / size)]!]!;
      throw new InputError(
        `The encoder ${embedder.description} makes ${vectors[bad]!} of the text in row ${row}; take weights of a training that did not diverge.`,
      );
    }
    if (embedder.normalized) scaleToLengthOne(vectors, size);
    values.set(vectors, (start - first) * size);
    onDone(texts.length, tokensOf(prepared, texts), true);
  }
  return values;
}

function tokensOf({ tokens: { offsets } }: PreparedSplit, texts: Int32Array): number {
  return texts.reduce((sum, text) => sum + offsets[text + 1]! - offsets[text]!, 0);
}
