/**
 * Texts with a share of their tokens replaced by [MASK], for Fisher information on masked words. Which ones
 * is a function of the seed and the text's number alone. Each text has its share, so that each has a loss of
 * its own; special tokens stay.
 */
import { packBatch, type TokenRows } from '@layerwise/model';
import { mixedSeed } from '@layerwise/statistics';
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { MaskedBatch } from '../step/masked-trainer.js';

export interface TextMasking {
  /** Of a text's tokens that are not special, rounded, one at least. */
  readonly share: number;
  /** The id of [MASK]. */
  readonly maskId: number;
  /** Ids that are never masked. */
  readonly specialIds: ReadonlySet<number>;
  readonly seed: number;
}

/** Texts with a token that can be masked. */
export function maskableTexts({ offsets, ids }: TokenRows, { specialIds }: TextMasking): Int32Array {
  const texts = Array.from({ length: offsets.length - 1 }, (_, text) => text);
  return Int32Array.from(
    texts.filter((text) => ids.subarray(offsets[text], offsets[text + 1]).some((id) => !specialIds.has(id))),
  );
}

/** The texts `rows`, masked and packed. */
export function maskTexts(tokens: TokenRows, rows: Int32Array, masking: TextMasking): MaskedBatch {
  const plain = packBatch(tokens, rows);
  const seen = plain.ids.slice();
  const places = Array.from(rows, (row) => maskedPlaces(tokens, row, masking));
  const chosen = [...plain.placeOf.keys()].filter((packed) => {
    const place = plain.placeOf[packed]!;
    return places[place % rows.length]?.has(Math.floor(place / rows.length));
  });
  for (const packed of chosen) seen[packed] = masking.maskId;
  return {
    packed: { ...plain, ids: seen },
    rows: chosen,
    ids: chosen.map((packed) => plain.ids[packed]!),
  };
}

/** Places in a text, from 0. */
function maskedPlaces(
  { offsets, ids }: TokenRows,
  text: number,
  { share, specialIds, seed }: TextMasking,
): ReadonlySet<number> {
  const own = ids.subarray(offsets[text], offsets[text + 1]);
  const candidates = [...own.keys()].filter((place) => !specialIds.has(own[place]!));
  const generator = mersenne(mixedSeed([seed, text]));
  return new Set(drawShare(candidates, share, generator));
}

/**
 * A share of `candidates`, one at least: the first of a shuffle by Fisher and Yates, which happens in place.
 */
export function drawShare(
  candidates: number[],
  share: number,
  generator: ReturnType<typeof mersenne>,
): number[] {
  const count = Math.max(1, Math.round(share * candidates.length));
  for (let first = 0; first < count; first++) {
    const other = uniformInt(generator, first, candidates.length - 1);
    const swapped = candidates[other]!;
    candidates[other] = candidates[first]!;
    candidates[first] = swapped;
  }
  return candidates.slice(0, count);
}
