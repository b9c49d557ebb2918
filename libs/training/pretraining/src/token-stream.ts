/**
 * A corpus as streams of tokens: file after file, paragraph after paragraph, without special tokens. A
 * sequence is [CLS], a stretch of the stream that begins where a sentence does, and [SEP], so that none is
 * padded and texts run on into the next.
 */
import { InputError } from '@layerwise/errors';
import { growingInts, reserve, type TokenRows, type Tokenizer } from '@layerwise/model';
import type { CorpusFile } from '@layerwise/finetune';

export interface TokenStream {
  readonly ids: Int32Array;
  /** Places in `ids` at which a sequence may begin: sentences with enough behind them. */
  readonly starts: Int32Array;
}

export interface SplitStream {
  readonly training: TokenStream;
  readonly heldOut: TokenStream;
}

/** Tokens after which a sentence begins, beside paragraphs. */
const SENTENCE_ENDS = ['.', '!', '?'];

/**
 * Tokenises a corpus and sets the end of every file aside.
 * @param heldOut share of each file
 * @param length tokens of a sequence, special ones included
 * @throws InputError when training or held-out text is shorter than one sequence.
 */
export async function tokenStreams(
  corpus: readonly CorpusFile[],
  tokenizer: Tokenizer,
  heldOut: number,
  length: number,
): Promise<SplitStream> {
  const ends = new Set(SENTENCE_ENDS.flatMap((mark) => tokenizer.idOf(mark) ?? []));
  const parts: { ids: Int32Array; length: number; split: number; starts: number[] }[] = [];
  for (const { paragraphs } of corpus) {
    const { offsets, ids } = await tokenizer.encode(paragraphs);
    const starts: number[] = [];
    paragraphs.forEach((_, row) => {
      const first = offsets[row]!;
      for (let place = first; place < offsets[row + 1]!; place++) {
        if (place === first || ends.has(ids[place - 1]!)) starts.push(place);
      }
    });
    parts.push({ ids, length: ids.length, split: Math.floor(ids.length * (1 - heldOut)), starts });
  }
  const stream = (from: (part: (typeof parts)[number]) => [number, number]): TokenStream => {
    const joined = growingInts(1 << 20);
    const starts: number[] = [];
    for (const part of parts) {
      const [begin, end] = from(part);
      const offset = joined.length - begin;
      for (const start of part.starts) if (start >= begin && start < end) starts.push(start + offset);
      reserve(joined, end - begin).set(part.ids.subarray(begin, end), joined.length);
      joined.length += end - begin;
    }
    const last = joined.length - (length - 2);
    return {
      ids: joined.values.slice(0, joined.length),
      starts: Int32Array.from(starts.filter((at) => at <= last)),
    };
  };
  const training = stream(({ split }) => [0, split]);
  const held = stream(({ split, length: end }) => [split, end]);
  for (const [what, { starts }] of [
    ['training', training],
    ['held-out', held],
  ] as const) {
    if (starts.length > 0) continue;
    throw new InputError(
      `The corpus leaves too few tokens for one sequence of ${length} as ${what} text; give more text, a smaller --length, or another --held-out.`,
    );
  }
  return { training, heldOut: held };
}

/** [CLS] and [SEP] around a stretch. */
export interface Frame {
  readonly first: number;
  readonly last: number;
}

/** A sequence to be: where its stretch begins, and before which of its tokens it is cut in two, or null. */
export interface Stretch {
  readonly start: number;
  readonly cut: number | null;
}

/**
 * Sequences of `length`: [CLS] a [SEP], or, cut, [CLS] a [SEP] b [SEP] with b of token type 1, where b goes
 * on where a ends: so an encoder has met both forms of text that it will be fine-tuned on.
 */
export function sequences(
  { ids }: TokenStream,
  stretches: readonly Stretch[],
  length: number,
  { first, last }: Frame,
): TokenRows {
  const all = new Int32Array(stretches.length * length).fill(last);
  const types = new Uint8Array(all.length);
  stretches.forEach(({ start, cut }, row) => {
    const begin = row * length;
    const end = begin + length;
    all[begin] = first;
    if (cut === null) {
      all.set(ids.subarray(start, start + length - 2), begin + 1);
      return;
    }
    all.set(ids.subarray(start, start + cut), begin + 1);
    all.set(ids.subarray(start + cut, start + length - 3), begin + cut + 2);
    types.fill(1, begin + cut + 2, end);
  });
  const offsets = Int32Array.from({ length: stretches.length + 1 }, (_, row) => row * length);
  return { offsets, ids: all, types };
}
