/**
 * The diagonal of the Fisher information of a loss, estimated from texts: the mean over texts of the squared
 * gradient of each text's own mean loss (Kirkpatrick et al. 2017; the empirical Fisher, with the labels that
 * are there). That sets the scale that λ refers to. Squares of the mean gradient of several texts, as the
 * paper's authors' code has them, are smaller, by up to the number of texts: `batch` above 1 asks for these.
 *
 * Neighbours: `fisher-pretrained.ts` for the masked-language loss of an encoder, `phase-pull.ts` for D_o's
 * own loss after phase 1.
 */
import type { FlatMemory, Region } from '@layerwise/engine';
import { meanTargets, packBatch, type TokenRows } from '@layerwise/model';
import { loadSquares } from '@layerwise/optimizers';
import type { Trainer } from '../step/trainer.js';
import type { TrainingState } from '../step/training-state.js';

export interface FisherProgress {
  /** Aborted to stop after the batch under way. */
  readonly signal: AbortSignal;
  /** After each batch, the texts that are done. */
  readonly onTexts?: ((done: number, texts: number) => void) | undefined;
}

export interface SquaresOptions extends FisherProgress {
  /** The texts, each in one batch. */
  readonly rows: Int32Array;
  /** Is filled. */
  readonly sum: Region;
  /** Texts of a batch. */
  readonly batch: number;
  /** Texts whose squares are in `sum` already, whole batches of them. */
  readonly from?: number;
  /** Awaited after each batch, so that sums may be kept. */
  readonly afterBatch?: (done: number) => Promise<void>;
}

/**
 * Fills `sum` with the mean over batches of the squared gradients; `gradients` are what `backward` leaves
 * there for the mean loss of a batch. Dropout is off: the information is of the model as it predicts.
 * @throws the signal's reason soon after it was aborted
 */
export async function meanSquaredGradients(
  memory: FlatMemory,
  gradients: Region,
  backward: (rows: Int32Array) => Promise<unknown>,
  { rows, sum, batch, from = 0, afterBatch, signal, onTexts }: SquaresOptions,
): Promise<void> {
  const addSquares = loadSquares(memory);
  if (from === 0) sum.floats.fill(0);
  for (let start = from; start < rows.length; start += batch) {
    signal.throwIfAborted();
    const taken = rows.subarray(start, start + batch);
    await backward(taken);
    addSquares(sum, gradients);
    const done = start + taken.length;
    onTexts?.(done, rows.length);
    await afterBatch?.(done);
  }
  const batches = Math.max(1, Math.ceil(rows.length / batch));
  sum.floats.forEach((value, i) => (sum.floats[i] = value / batches));
}

/** Texts with their labels. */
export interface LabelledTexts {
  readonly tokens: TokenRows;
  readonly labels: Int32Array;
  readonly classes: number;
}

/**
 * Fills `sum` with the information of a classifier's own loss, by a trainer of its head without dropout, over
 * the texts `rows`.
 */
export async function fisherOfClassifier(
  { memory, gradients, accumulator }: TrainingState,
  trainer: Trainer,
  { tokens, labels, classes }: LabelledTexts,
  options: SquaresOptions,
): Promise<void> {
  // What an earlier phase left in places that this head has no gradient for.
  gradients.floats.fill(0);
  const backward = (taken: Int32Array): Promise<number> => {
    const own = Array.from(taken, (row) => labels[row]!);
    const batch = { packed: packBatch(tokens, taken), targets: meanTargets(own, classes), labels: classes };
    return trainer.backward([batch], { seed: 0, phase: 0, step: 0 });
  };
  const summed = accumulator?.sum ?? gradients;
  await meanSquaredGradients(memory, summed, backward, options);
}
