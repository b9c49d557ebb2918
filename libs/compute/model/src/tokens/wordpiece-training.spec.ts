// WordPiece training by hand, and against Hugging Face's library (tools/reference/wordpiece.py).
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '@layerwise/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/folders.js';
import { writeWordPieceFiles } from './wordpiece-files.js';
import { bertWords, countBertWords } from './bert-words.js';
import { tokenize } from './token-rows.js';
import { loadTokenizer } from './tokenizer.js';
import { SPECIAL_TOKENS, trainWordPiece } from './wordpiece-training.js';

interface Reference {
  readonly size: number;
  readonly texts: readonly string[];
  /** Ours, and those of the library's trainer. */
  readonly pieces: readonly string[];
  readonly trainerPieces: readonly string[];
  /** What the library makes of awkward texts with our tokenizer.json. */
  readonly probes: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

const reference = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/wordpiece.json'), 'utf8'),
) as Reference;

describe('words of BERT', () => {
  it('are lower case, without accents and control characters, marks apart', () => {
    expect(bertWords("Café-bar, ÜBER\u0007 it's  5$\u00a0NOW")).toEqual([
      'cafe',
      '-',
      'bar',
      ',',
      'uber',
      'it',
      "'",
      's',
      '5',
      '$',
      'now',
    ]);
    expect(bertWords('a山b ΣΊΣΥΦΟΣ')).toEqual(['a', '山', 'b', 'σισυφοσ']);
    expect(bertWords(' \u200b ')).toEqual([]);
  });

  it('are counted', () => {
    expect([...countBertWords(['To be, or not', 'to be'])]).toEqual([
      ['to', 2],
      ['be', 2],
      [',', 1],
      ['or', 1],
      ['not', 1],
    ]);
  });
});

describe('a WordPiece vocabulary', () => {
  // u and g stand together 20 times, u and n 16 times, h and ug 15 times; all else is rarer.
  const counts = new Map([
    ['hug', 10],
    ['pug', 5],
    ['pun', 12],
    ['bun', 4],
    ['hugs', 5],
  ]);
  const letters = ['b', 'g', 'h', 'n', 'p', 's', 'u'];
  const inside = ['##g', '##n', '##s', '##u'];

  it('begins with special tokens and letters, and goes on with the commonest pairs', () => {
    expect(trainWordPiece(counts, { size: 20 })).toEqual([
      ...SPECIAL_TOKENS,
      ...letters,
      ...inside,
      '##ug',
      '##un',
      'hug',
      'pun',
    ]);
  });

  it('ends where no pair is common enough', () => {
    const pieces = trainWordPiece(counts, { size: 100, minimumCount: 12 });
    expect(pieces.slice(16)).toEqual(['##ug', '##un', 'hug', 'pun']);
  });

  it('leaves out the rarest letters', () => {
    const pieces = trainWordPiece(counts, { size: 100, letters: 6 });
    expect(pieces).not.toContain('b');
    // bun is spelt without its b.
    expect(pieces).toContain('un');
  });

  it('refuses a size without room for the letters', () => {
    expect(() => trainWordPiece(counts, { size: 15 })).toThrow(InputError);
  });

  it('is the one that the Python library trains, but for ties', () => {
    const { texts, size, pieces, trainerPieces } = reference;
    expect(trainWordPiece(countBertWords(texts), { size })).toEqual(pieces);
    expect(pieces).toHaveLength(trainerPieces.length);
    // Pairs that occur equally often come in another order there, and what is built of them differs.
    const theirs = new Set(trainerPieces);
    expect(pieces.filter((piece) => !theirs.has(piece)).length).toBeLessThanOrEqual(0.05 * pieces.length);
  });

  it('written to a folder, it is read here and by the Python library alike', async () => {
    const folder = temporaryFolder();
    await writeWordPieceFiles(folder, reference.pieces, 64);
    const tokenizer = await loadTokenizer(folder);
    for (const { text, ids } of reference.probes)
      expect([...(await tokenize(tokenizer, [text], null, Infinity)).ids], text).toEqual(ids);
  });
});
