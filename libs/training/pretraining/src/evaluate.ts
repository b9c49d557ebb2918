/**
 * How well the held-out slice is told: sequences spread evenly over it, 15 % of their tokens chosen and all
 * of those replaced by [MASK], always the same ones, whatever the run's own masking and seed are, so that
 * runs on one corpus compare.
 */
import type { MaskedBatch, MaskedScorer, TaughtScorer } from '@layerwise/finetune';
import { readBatch, type TaughtTexts } from './lesson.js';
import { maskSequences } from './masking.js';
import type { PreparedPretraining } from './prepare.js';
import { sequences } from './token-stream.js';

/** Sequences that are scored at most. */
const MOST = 512;
const SCORED = { share: 0.15, masking: 'mask', summarise: false } as const;

export interface HeldOutScore {
  readonly loss: number;
  readonly accuracy: number;
  /** Between the vectors of student and teacher; NaN without a teacher. */
  readonly cosine: number;
}

/** The batches of the held-out slice. */
export function heldOutBatches(
  { streams: { heldOut }, frame, rule }: PreparedPretraining,
  length: number,
  batch: number,
): MaskedBatch[] {
  const count = Math.min(MOST, heldOut.starts.length);
  const chosen = Array.from({ length: count }, (_, row) =>
    Number(heldOut.starts[Math.floor((row * heldOut.starts.length) / count)]),
  );
  const batches: MaskedBatch[] = [];
  for (let first = 0; first < count; first += batch) {
    const stretches = chosen.slice(first, first + batch).map((start) => ({ start, cut: null }));
    const rows = sequences(heldOut, stretches, length, frame);
    batches.push(maskSequences(rows, { ...rule, ...SCORED }, [HELD_OUT_KEY, first]));
  }
  return batches;
}

/** In place of a seed; no seed of a run is negative. */
const HELD_OUT_KEY = -1;

/** Means over all masked tokens of the batches. */
export async function scoreHeldOut(
  scorer: MaskedScorer,
  batches: readonly MaskedBatch[],
): Promise<Omit<HeldOutScore, 'cosine'>> {
  let [loss, accuracy, tokens] = [0, 0, 0];
  for (const batch of batches) {
    const score = await scorer.score(batch);
    loss += score.loss * batch.rows.length;
    accuracy += score.accuracy * batch.rows.length;
    tokens += batch.rows.length;
  }
  return { loss: loss / tokens, accuracy: accuracy / tokens };
}

/**
 * Mean cosine between the student's and the teacher's vectors of held-out sentences, spread evenly over them,
 * nothing masked.
 */
export async function scoreLesson(
  scorer: TaughtScorer,
  texts: TaughtTexts,
  size: number,
  batch: number,
): Promise<number> {
  const all = texts.tokens.offsets.length - 1;
  const count = Math.min(MOST, all);
  const chosen = Int32Array.from({ length: count }, (_, row) => Math.floor((row * all) / count));
  let sum = 0;
  for (let first = 0; first < count; first += batch) {
    const rows = chosen.subarray(first, first + batch);
    sum += (await scorer.cosine(readBatch(texts, rows, size))) * rows.length;
  }
  return sum / count;
}
