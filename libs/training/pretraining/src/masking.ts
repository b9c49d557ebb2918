/**
 * Which tokens of a batch are to be told from the others, and what the model sees in their places (Devlin et
 * al. 2019): a function of the seed and the step, so that a continued run needs no generator's state.
 *
 * A batch has the same number of chosen tokens at every step, share · (tokens that are not special), rounded.
 */
import { drawShare, type MaskedBatch } from '@layerwise/finetune';
import { mixedSeed } from '@layerwise/statistics';
import { packBatch, type PackedBatch, type TokenRows } from '@layerwise/model';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { Masking } from './options.js';

export interface MaskingRule {
  readonly share: number;
  readonly masking: Masking;
  /** Whether [CLS] of each sequence has to tell one of its masked tokens, too. */
  readonly summarise: boolean;
  /** The id of [MASK]. */
  readonly maskId: number;
  /** Ids that are never chosen and never put in another's place. */
  readonly specialIds: ReadonlySet<number>;
  readonly vocabularySize: number;
}

/** Of the chosen tokens under `bert`: so many become [MASK], so many another word; the rest stay. */
const MASKED = 0.8;
const REPLACED = 0.1;

/** Masks all of the sequences; `key` as in `maskPacked`. */
export function maskSequences(rows: TokenRows, rule: MaskingRule, key: readonly number[]): MaskedBatch {
  const all = Array.from({ length: rows.offsets.length - 1 }, (_, row) => row);
  return maskPacked(packBatch(rows, all), rule, key);
}

/** Masks a batch; `key` is such as [seed, step], and equal keys mask alike. */
export function maskPacked(plain: PackedBatch, rule: MaskingRule, key: readonly number[]): MaskedBatch {
  const generator = mersenne(mixedSeed(key));
  const candidates: number[] = [];
  plain.ids.forEach((id, row) => {
    if (!rule.specialIds.has(id)) candidates.push(row);
  });
  const chosen = Int32Array.from(drawShare(candidates, rule.share, generator)).sort();
  const seen = plain.ids.slice();
  for (const row of chosen) {
    const draw = rule.masking === 'mask' ? 0 : uniformFloat64(generator);
    if (draw < MASKED) seen[row] = rule.maskId;
    else if (draw < MASKED + REPLACED) seen[row] = ordinaryId(rule, generator);
  }
  const right = Int32Array.from(chosen, (row) => plain.ids[row]!);
  const packed = { ...plain, ids: seen };
  if (!rule.summarise) return { packed, rows: chosen, ids: right };
  const told = wordsToTell(plain, chosen, generator);
  return {
    packed,
    rows: Int32Array.from([...chosen, ...told.keys()]),
    ids: Int32Array.from([...right, ...told.values()]),
  };
}

/**
 * By the row of [CLS] of each sequence in which a token was chosen: one such token, at random. The vector of
 * a text that tells its words is that of Le & Mikolov (2014, PV-DBOW); without it nothing trains [CLS], which
 * is what classifiers read.
 */
function wordsToTell(
  { placeOf, texts, ids }: PackedBatch,
  chosen: Int32Array,
  generator: ReturnType<typeof mersenne>,
): Map<number, number> {
  const ofText = new Map<number, number[]>();
  for (const row of chosen) {
    // Places run through [length, texts], and the first rows are the texts' first tokens.
    const text = placeOf[row]! % texts;
    ofText.set(text, [...(ofText.get(text) ?? []), ids[row]!]);
  }
  return new Map(
    [...ofText].map(([text, words]) => [text, words[uniformInt(generator, 0, words.length - 1)]!]),
  );
}

function ordinaryId(
  { specialIds, vocabularySize }: MaskingRule,
  generator: ReturnType<typeof mersenne>,
): number {
  for (;;) {
    const id = uniformInt(generator, 0, vocabularySize - 1);
    if (!specialIds.has(id)) return id;
  }
}
