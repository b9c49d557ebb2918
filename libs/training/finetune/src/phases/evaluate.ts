/**
 * Runs a head over a split and counts what it gets right. Texts go sorted by length, so that batches are
 * even.
 */
import { packBatch, type TokenRows } from '@layerwise/model';
import type { Predictor } from '../step/predictor.js';

export interface Evaluation {
  /** Share of texts whose highest logit is their label's. */
  readonly accuracy: number;
  /** Label with the highest logit, of each text in the split's order [rows]. */
  readonly predicted: Int32Array;
  /** [rows, classes] in the split's order. */
  readonly logits: Float32Array;
  /** Whether every logit is a number. */
  readonly finite: boolean;
}

/** Texts of one forward pass. */
export const EVALUATION_TEXTS = 32;

/** The first `rows` texts in batches of texts of about one length. */
export function batchesByLength({ offsets }: TokenRows, rows: number): Int32Array[] {
  const lengthOf = (row: number): number => offsets[row + 1]! - offsets[row]!;
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => lengthOf(a) - lengthOf(b) || a - b,
  );
  return Array.from({ length: Math.ceil(rows / EVALUATION_TEXTS) }, (_, batch) =>
    order.subarray(batch * EVALUATION_TEXTS, (batch + 1) * EVALUATION_TEXTS),
  );
}

/** Evaluates `texts` against `labels`. @throws the signal's reason soon after it was aborted. */
export async function evaluate(
  predictor: Predictor,
  texts: TokenRows,
  labels: Int32Array,
  classes: number,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const rows = labels.length;
  const logits = new Float32Array(rows * classes);
  for (const taken of batchesByLength(texts, rows)) {
    signal?.throwIfAborted();
    const scores = await predictor.logits(packBatch(texts, taken));
    taken.forEach((row, text) => {
      logits.set(scores.subarray(text * classes, (text + 1) * classes), row * classes);
    });
  }
  const predicted = Int32Array.from({ length: rows }, (_, row) =>
    highest(logits.subarray(row * classes, (row + 1) * classes)),
  );
  const right = predicted.reduce((count, label, row) => count + (label === labels[row] ? 1 : 0), 0);
  return { accuracy: right / rows, predicted, logits, finite: logits.every(Number.isFinite) };
}

/** The first of the highest scores. */
function highest(scores: Float32Array): number {
  let best = 0;
  scores.forEach((score, place) => {
    if (score > scores[best]!) best = place;
  });
  return best;
}
