import { InputError } from '@layerwise/errors';
import type { Tokenizer } from '@layerwise/model';
import { describe, expect, it } from 'vitest';
import { sequences, tokenStreams } from './token-stream.js';

/** Each character is a token: its code. */
const tokenizer = {
  idOf: (token: string) => (token.length === 1 ? token.charCodeAt(0) : undefined),
  encode: (texts: readonly string[]) => {
    const offsets = [0];
    for (const text of texts) offsets.push(offsets.at(-1)! + text.length);
    const ids = Int32Array.from(texts.join(''), (letter) => letter.charCodeAt(0));
    return Promise.resolve({ offsets: Int32Array.from(offsets), ids });
  },
} as unknown as Tokenizer;

const textOf = (ids: ArrayLike<number>): string => String.fromCharCode(...Array.from(ids));
const corpus = [
  { path: 'a.txt', paragraphs: ['ab.cd', 'ef', 'ghijk'] },
  { path: 'b.txt', paragraphs: ['lm!no', 'pqrstuv'] },
];

describe('streams of tokens', () => {
  it('join paragraphs and files, and leave out the end of every file', async () => {
    const { training, heldOut } = await tokenStreams(corpus, tokenizer, 0.5, 5);
    expect(textOf(training.ids)).toBe('ab.cdelm!nop');
    expect(textOf(heldOut.ids)).toBe('fghijkqrstuv');
    // A sequence takes three tokens beside [CLS] and [SEP].
    expect(Array.from(training.starts, (at) => textOf(training.ids.subarray(at, at + 3)))).toEqual([
      'ab.',
      'cde',
      'elm',
      'lm!',
      'nop',
    ]);
    expect(Array.from(heldOut.starts, (at) => textOf(heldOut.ids.subarray(at, at + 3)))).toEqual(['ghi']);
  });

  it('refuse a corpus that is shorter than a sequence', async () => {
    await expect(tokenStreams(corpus, tokenizer, 0.5, 30)).rejects.toThrow(InputError);
    await expect(tokenStreams(corpus, tokenizer, 0.01, 5)).rejects.toThrow(
      /as held-out text; give more text/,
    );
  });
});

describe('sequences', () => {
  const stream = { ids: Int32Array.from([10, 11, 12, 13, 14, 15]), starts: Int32Array.of(0, 1) };
  const frame = { first: 1, last: 2 };

  it('are full, with special tokens around', () => {
    const { offsets, ids, types } = sequences(stream, [{ start: 1, cut: null }], 6, frame);
    expect([...offsets]).toEqual([0, 6]);
    expect(Array.from(ids)).toEqual([1, 11, 12, 13, 14, 2]);
    expect(Array.from(types)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('are two texts where they are cut, the second of type 1 with its own [SEP]', () => {
    const stretches = [
      { start: 0, cut: 2 },
      { start: 1, cut: null },
    ];
    const { ids, types } = sequences(stream, stretches, 7, frame);
    expect(Array.from(ids)).toEqual([1, 10, 11, 2, 12, 13, 2, 1, 11, 12, 13, 14, 15, 2]);
    expect(Array.from(types)).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
});
