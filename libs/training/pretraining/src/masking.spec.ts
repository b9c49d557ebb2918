import { describe, expect, it } from 'vitest';
import { maskSequences, type MaskingRule } from './masking.js';

const [CLS, SEP, MASK, WORDS] = [0, 1, 2, 1000];
const rule: MaskingRule = {
  share: 0.15,
  masking: 'bert',
  summarise: false,
  maskId: MASK,
  specialIds: new Set([CLS, SEP, MASK]),
  vocabularySize: WORDS,
};

/** 40 sequences of 100 ordinary tokens between [CLS] and [SEP]. */
const [ROWS, LENGTH] = [40, 102];
const ids = Int32Array.from({ length: ROWS * LENGTH }, (_, place) => {
  const within = place % LENGTH;
  return within === 0 ? CLS : within === LENGTH - 1 ? SEP : 3 + ((place * 7919) % (WORDS - 3));
});
const rows = {
  offsets: Int32Array.from({ length: ROWS + 1 }, (_, row) => row * LENGTH),
  ids,
  types: new Uint8Array(ids.length),
};

/** What stands in the chosen places over many steps, as counts. */
function counted(changed: Partial<MaskingRule>) {
  const counts = { chosen: 0, masked: 0, kept: 0, replaced: 0 };
  for (let step = 0; step < 25; step++) {
    const batch = maskSequences(rows, { ...rule, ...changed }, [1, step]);
    Array.from(batch.rows).forEach((row, place) => {
      const seen = batch.packed.ids[row];
      counts.chosen++;
      if (seen === MASK) counts.masked++;
      else if (seen === batch.ids[place]) counts.kept++;
      else counts.replaced++;
    });
  }
  return counts;
}

describe('masking', () => {
  it('chooses 15 %, of which 80 % become [MASK], 10 % another word and 10 % stay', () => {
    const { chosen, masked, kept, replaced } = counted({});
    expect(chosen).toBe(25 * 0.15 * ROWS * 100);
    // Four standard deviations of a binomial count.
    const near = (share: number): [number, number] => {
      const spread = 4 * Math.sqrt(share * (1 - share) * chosen);
      return [share * chosen - spread, share * chosen + spread];
    };
    for (const [count, share] of [
      [masked, 0.8],
      [kept, 0.1],
      [replaced, 0.1],
    ] as const) {
      const [least, most] = near(share);
      expect(count).toBeGreaterThan(least);
      expect(count).toBeLessThan(most);
    }
  });

  it('replaces every chosen token by [MASK] where that is asked for', () => {
    const { chosen, masked } = counted({ masking: 'mask', share: 0.4 });
    expect(chosen).toBe(25 * 0.4 * ROWS * 100);
    expect(masked).toBe(chosen);
  });

  it('spares special tokens, changes no other place and tells what stood there', () => {
    const plain = maskSequences(rows, { ...rule, share: 1e-9 }, [1, 0]).packed;
    const { packed, rows: chosen, ids: right } = maskSequences(rows, rule, [1, 1]);
    const places = new Set(Array.from(chosen));
    expect(places.size).toBe(chosen.length);
    Array.from(chosen).forEach((_, place) => {
      expect(rule.specialIds.has(right[place] ?? 0)).toBe(false);
    });
    // `plain` has a single place changed itself.
    const changed = Array.from(packed.ids).filter((id, row) => id !== plain.ids[row] && !places.has(row));
    expect(changed.length).toBeLessThanOrEqual(1);
    for (const id of packed.ids) if (id !== MASK) expect(id).toBeLessThan(WORDS);
  });

  it('lets [CLS] tell a masked token of its own sequence where that is asked for', () => {
    const plain = maskSequences(rows, rule, [1, 1]);
    const { packed, rows: scored, ids: right } = maskSequences(rows, { ...rule, summarise: true }, [1, 1]);
    const count = plain.rows.length;
    expect(Array.from(scored).slice(0, count)).toEqual(Array.from(plain.rows));
    expect(packed.ids).toEqual(plain.packed.ids);
    const masked = Array.from({ length: ROWS }, () => new Set<number>());
    Array.from(plain.rows).forEach((row, place) => {
      masked[Number(packed.placeOf[row]) % ROWS]?.add(Number(plain.ids[place]));
    });
    const told = Array.from(scored).slice(count);
    expect([...told].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, text) => text));
    told.forEach((row, place) => {
      expect(packed.ids[row]).toBe(CLS);
      expect(masked[row]).toContain(right[count + place]);
    });
  });

  it('is a function of its key', () => {
    const at = (key: number[]) => Array.from(maskSequences(rows, rule, key).packed.ids);
    expect(at([1, 5])).toEqual(at([1, 5]));
    expect(at([1, 5])).not.toEqual(at([1, 6]));
    expect(at([1, 5])).not.toEqual(at([2, 5]));
  });
});
