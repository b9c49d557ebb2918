/**
 * A WordPiece vocabulary from word counts, as the `BertWordPieceTrainer` of Hugging Face's tokenizers library
 * makes one: words are spelt in letters (all but a word's first behind ##), and again and again the commonest
 * pair of neighbours becomes a piece (Sennrich et al. 2016, on counts), until there are enough. Ties go to
 * the pair whose pieces are older, so the result is a function of the counts alone.
 */
import { InputError } from '@layerwise/errors';

/** In this order they are the ids from 0 on. */
export const SPECIAL_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

const INSIDE = '##';

export interface WordPieceOptions {
  /** Pieces in all, special tokens included; fewer come out where no pair is common enough. */
  readonly size: number;
  /** A pair that occurs less often makes no piece. */
  readonly minimumCount?: number;
  /** Letters kept at most: the commonest. A letter beyond them is left out of its words. */
  readonly letters?: number;
}

/**
 * The pieces, by id.
 * @throws InputError when `size` leaves no room beside the letters.
 */
export function trainWordPiece(
  counts: ReadonlyMap<string, number>,
  { size, minimumCount = 2, letters = 1000 }: WordPieceOptions,
): string[] {
  const kept = commonest(counts, letters);
  const spelt = [...counts].map(([word, count]) => ({
    count,
    pieces: Array.from(word)
      .filter((letter) => kept.has(letter))
      .map((letter, place) => (place === 0 ? letter : INSIDE + letter)),
  }));
  const inside = new Set(spelt.flatMap(({ pieces }) => pieces.slice(1)));
  const vocabulary = [...SPECIAL_TOKENS, ...[...kept].sort(), ...[...inside].sort()];
  if (vocabulary.length > size) {
    throw new InputError(
      `A vocabulary of ${size} pieces has no room for the ${vocabulary.length} letters and special tokens of this text; raise --vocabulary.`,
    );
  }
  const idOf = new Map(vocabulary.map((piece, id) => [piece, id]));
  const words = spelt.map(({ count, pieces }) => ({
    count,
    ids: pieces.map((piece) => idOf.get(piece)!),
  }));
  const pairs = new Pairs(words);
  while (vocabulary.length < size) {
    const best = pairs.takeCommonest();
    if (!best || best.count < minimumCount) break;
    const piece = vocabulary[best.left]! + vocabulary[best.right]!.slice(INSIDE.length);
    let id = idOf.get(piece);
    if (id === undefined) {
      id = vocabulary.push(piece) - 1;
      idOf.set(piece, id);
    }
    pairs.merge(best, id);
  }
  return vocabulary;
}

function commonest(counts: ReadonlyMap<string, number>, most: number): Set<string> {
  const letters = new Map<string, number>();
  for (const [word, count] of counts)
    for (const letter of word) letters.set(letter, (letters.get(letter) ?? 0) + count);
  const ranked = [...letters].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Set(ranked.slice(0, most).map(([letter]) => letter));
}

interface Word {
  readonly count: number;
  ids: number[];
}

interface Pair {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/** Pieces of a pair as one number: ids stay far below 2^26. */
const KEY = 2 ** 26;
const keyOf = (left: number, right: number): number => left * KEY + right;
const leftOf = (key: number): number => Math.floor(key / KEY);
const rightOf = (key: number): number => key % KEY;

/** How often each pair of neighbours occurs, and in which words; the commonest first. */
class Pairs {
  private readonly counts = new Map<number, number>();
  private readonly words = new Map<number, Set<Word>>();
  /**
   * A heap of pairs by count as it was when they were put there; an outdated one is put right when it comes
   * up.
   */
  private readonly heap: Pair[] = [];

  constructor(words: readonly Word[]) {
    for (const word of words) this.count(word, 1);
    for (const key of this.counts.keys()) this.enqueue(key);
  }

  /** The commonest pair, which is then out of the queue, or undefined when there is none. */
  takeCommonest(): Pair | undefined {
    for (;;) {
      const pair = pop(this.heap);
      if (!pair) return undefined;
      const count = this.counts.get(keyOf(pair.left, pair.right)) ?? 0;
      if (count === pair.count && count > 0) return pair;
      if (count > 0 && count < pair.count) push(this.heap, { ...pair, count });
    }
  }

  /** Makes every occurrence of the pair the piece `id`. */
  merge({ left, right }: Pair, id: number): void {
    const changed = new Set<number>();
    for (const word of this.words.get(keyOf(left, right)) ?? []) {
      this.count(word, -1);
      word.ids = merged(word.ids, left, right, id);
      for (const key of this.count(word, 1)) changed.add(key);
    }
    // Pairs without the new piece have only become rarer, which is noticed when they come up.
    for (const key of changed) if (leftOf(key) === id || rightOf(key) === id) this.enqueue(key);
  }

  /** Adds (1) or takes away (-1) the pairs of a word; gives their keys. */
  private count(word: Word, sign: 1 | -1): number[] {
    const keys = word.ids.slice(1).map((right, place) => keyOf(word.ids[place]!, right));
    for (const key of keys) {
      this.counts.set(key, (this.counts.get(key) ?? 0) + sign * word.count);
      const holders = this.words.get(key) ?? new Set();
      if (sign > 0) holders.add(word);
      else holders.delete(word);
      this.words.set(key, holders);
    }
    return keys;
  }

  private enqueue(key: number): void {
    const count = this.counts.get(key) ?? 0;
    if (count > 0) push(this.heap, { left: leftOf(key), right: rightOf(key), count });
  }
}

function merged(ids: readonly number[], left: number, right: number, id: number): number[] {
  const result: number[] = [];
  for (let place = 0; place < ids.length; place++) {
    if (ids[place] === left && ids[place + 1] === right) {
      result.push(id);
      place++;
    } else result.push(ids[place]!);
  }
  return result;
}

/** Whether `a` comes before `b`. */
function isBefore(a: Pair, b: Pair): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left === b.left ? a.right < b.right : a.left < b.left;
}

function push(heap: Pair[], pair: Pair): void {
  let place = heap.push(pair) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = heap[parent];
    if (!above || !isBefore(pair, above)) break;
    heap[place] = above;
    place = parent;
  }
  heap[place] = pair;
}

function pop(heap: Pair[]): Pair | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!last || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    const [one, other] = [heap[child], heap[child + 1]];
    if (!one) break;
    if (other && isBefore(other, one)) child++;
    const next = heap[child] ?? one;
    if (!isBefore(next, last)) break;
    heap[place] = next;
    place = child;
  }
  heap[place] = last;
  return first;
}
