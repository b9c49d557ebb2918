/** Sentences of a corpus and batches of them, by hand. */
import { loadTokenizer, writeWordPieceFiles } from '@layerwise/model';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/tiny-corpus.js';
import { readBatch, splitSentences, taughtBatch, type TaughtTexts } from './lesson.js';
import type { MaskingRule } from './masking.js';

const PIECES = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'one',
  'two',
  'three',
  'four',
  'five',
  '.',
  '?',
];
const [CLS, SEP, MASK, ONE, DOT] = [2, 3, 4, 5, 10];
const FRAME = { first: CLS, last: SEP };

async function tokenizer() {
  const folder = temporaryFolder();
  await writeWordPieceFiles(folder, PIECES, 16);
  return loadTokenizer(folder);
}

describe('sentences of a corpus', () => {
  const paragraphs = [
    'One two three four. One two? Five four three two.',
    'One two three four. Two three four five.',
    'Three three three three. Four four four four.',
  ];

  it('are cut, framed, taken once, and held out where the stream of tokens is', async () => {
    // 5 + 3 + 5 + 5 + 5 + 5 + 5 tokens: a quarter held out begins at token 24.75, inside the sixth sentence.
    const { training, heldOut } = await splitSentences(
      [{ path: 'a.txt', paragraphs }],
      await tokenizer(),
      FRAME,
      0.25,
      16,
    );
    expect(training.split.text).toEqual([
      'One two three four.',
      'Five four three two.',
      'Two three four five.',
    ]);
    expect(heldOut.split.text).toEqual(['Four four four four.']);
    expect([...training.tokens.offsets]).toEqual([0, 7, 14, 21]);
    expect([...training.tokens.ids.subarray(0, 7)]).toEqual([CLS, 5, 6, 7, 8, DOT, SEP]);
  });

  it('that are too long or say too little are left out', async () => {
    const made = await splitSentences([{ path: 'a.txt', paragraphs }], await tokenizer(), FRAME, 0.3, 7);
    expect(made.training.split.text).not.toContain('One two?');
    await expect(
      splitSentences([{ path: 'a.txt', paragraphs: ['One two.', 'Two one.'] }], CALM, FRAME, 0.5, 16),
    ).rejects.toThrow(/no sentence of 6 to 16 tokens as training text/);
  });
});

/** Tells every text as two tokens. */
const CALM = {
  file: 'none',
  specialIds: [],
  idOf: () => undefined,
  encode: (texts: readonly string[]) =>
    Promise.resolve({
      offsets: Int32Array.from({ length: texts.length + 1 }, (_, text) => 2 * text),
      ids: new Int32Array(2 * texts.length),
    }),
} as unknown as Awaited<ReturnType<typeof loadTokenizer>>;

describe('a taught batch', () => {
  const texts: TaughtTexts = {
    tokens: {
      offsets: Int32Array.of(0, 4, 9, 12),
      ids: Int32Array.of(CLS, 5, 6, SEP, CLS, 7, 8, 9, SEP, CLS, 5, SEP),
      types: new Uint8Array(12),
    },
    vectors: Float32Array.of(1, 0, 0, 1, 0.6, 0.8),
  };
  const rule: MaskingRule = {
    share: 0.5,
    masking: 'mask',
    summarise: false,
    maskId: MASK,
    specialIds: new Set([0, 1, CLS, SEP, MASK]),
    vocabularySize: PIECES.length,
  };

  it("begins with the texts' first rows, which tell nothing, beside their vectors", () => {
    const batch = taughtBatch(texts, Int32Array.of(2, 1), 2, rule, [1]);
    expect([...batch.teacher].map((value) => Number(value.toFixed(6)))).toEqual([0.6, 0.8, 0, 1]);
    expect([...batch.packed.ids.subarray(0, 2)]).toEqual([CLS, CLS]);
    expect([...(batch.rows as Int32Array)].slice(0, 2)).toEqual([0, 1]);
    // Half of the four ordinary tokens are to be told, and stand masked.
    expect([...batch.weights!]).toEqual([0, 0, 0.5, 0.5]);
    const told = [...(batch.rows as Int32Array)].slice(2);
    expect(told.map((row) => batch.packed.ids[row])).toEqual([MASK, MASK]);
    const right = [...(batch.ids as Int32Array)].slice(2);
    expect(right.every((id) => id >= ONE && id < DOT)).toBe(true);
  });

  it('is read as it is where nothing is to be told', () => {
    const batch = readBatch(texts, Int32Array.of(0), 2);
    expect([...batch.packed.ids]).toEqual([CLS, 5, 6, SEP]);
    expect([...batch.weights!]).toEqual([0]);
    expect([...batch.teacher]).toEqual([1, 0]);
  });
});
