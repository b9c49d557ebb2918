import { describe, expect, it } from 'vitest';
import { packed, textsOf } from '../../test/packed-bert.js';
import { packBatch } from './packing.js';

/** Four texts, of 3, 1, 2 and 2 tokens. */
const TOKENS = {
  offsets: Int32Array.of(0, 3, 4, 6, 8),
  ids: Int32Array.of(10, 11, 12, 20, 30, 31, 40, 41),
  types: [0, 0, 1, 0, 0, 1, 0, 1],
};

describe('packing', () => {
  it('lays tokens in time, the first of every text first', () => {
    // Texts 2, 0 and 1, by hand: places (time, text) of the rows are (0,0) (0,1) (0,2) (1,0) (1,1) (2,1).
    expect(packBatch(TOKENS, [2, 0, 1])).toEqual({
      texts: 3,
      length: 3,
      tokens: 6,
      ids: Int32Array.of(30, 10, 20, 31, 11, 12),
      types: Int32Array.of(0, 0, 0, 1, 0, 1),
      positions: Int32Array.of(0, 0, 0, 1, 1, 2),
      rowAt: Int32Array.of(0, 1, 2, 3, 4, 0, 0, 5, 0),
      placeOf: Int32Array.of(0, 1, 2, 3, 4, 7),
      isRow: Float32Array.of(1, 1, 1, 1, 1, 0, 0, 1, 0),
      attentionMask: Float32Array.of(0, 0, -1e9, 0, 0, 0, 0, -1e9, -1e9),
    });
  });

  it('takes a text twice, and a batch of one', () => {
    expect([...packBatch(TOKENS, [3, 3]).ids]).toEqual([40, 40, 41, 41]);
    expect(packBatch(TOKENS, [1])).toMatchObject({ texts: 1, length: 1, tokens: 1 });
  });

  it('goes there and back for ragged batches', () => {
    const texts = textsOf([5, 1, 8, 8, 2], 4);
    const batch = packed(texts);
    expect(batch.tokens).toBe(24);
    batch.placeOf.forEach((place, row) => {
      expect(batch.rowAt[place]).toBe(row);
      expect(batch.isRow[place]).toBe(1);
      const [time, text] = [Math.floor(place / 5), place % 5];
      expect(batch.positions[row]).toBe(time);
      expect(batch.ids[row]).toBe(texts[text]!.ids[time]);
      expect(batch.types[row]).toBe(texts[text]!.types[time]);
      expect(batch.attentionMask[text * batch.length + time]).toBe(0);
    });
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    expect(sum(batch.isRow)).toBe(24);
    expect(sum(batch.attentionMask)).toBe(-1e9 * (5 * 8 - 24));
  });
});
