/**
 * The diagonal of the Fisher information of a loss, estimated from texts: the mean over texts of the squared gradient of each text's
 * own mean loss (Kirkpatrick et al. 2017; the empirical Fisher, with the labels that are there). That sets the scale that
 * λ refers to. Squares of the mean gradient of several texts, as the paper's authors' code has them, are smaller, by up to
 * the number of texts: `batch` above 1 asks for these.
 *
 * Neighbours: `fisher-pretrained.ts` for the masked-language loss of an encoder, `phase-pull.ts` for D_o's own loss after phase 1.
 */
import type { FlatMemory, Region } from '@layerwise/engine';
import { loadSquares } from '@layerwise/optimizers';

export interface FisherProgress {
  /** Aborted to stop after the text under way. */
  readonly signal: AbortSignal;
  /** After each batch, the texts that are done. */
  readonly onTexts?: (done: number, texts: number) => void;
}

/**
 * Fills `sum` with the mean over batches of the squared gradients; `gradients` are what `backward` leaves there for the mean loss of
 * these texts. Dropout is off: the information is of the model as it predicts.
 * @param rows the texts, each in one batch
 * @throws the signal's reason soon after it was aborted
 */
export async function meanSquaredGradients(
  memory: FlatMemory,
  gradients: Region,
  sum: Region,
  rows: Int32Array,
  batch: number,
  backward: (rows: Int32Array) => Promise<unknown>,
  { signal, onTexts }: FisherProgress,
): Promise<void> {
  const addSquares = loadSquares(memory);
  sum.floats.fill(0);
  let batches = 0;
  for (let start = 0; start < rows.length; start += batch) {
    signal.throwIfAborted();
    const taken = rows.subarray(start, start + batch);
    await backward(taken);
    addSquares(sum, gradients);
    batches++;
    onTexts?.(start + taken.length, rows.length);
  }
  sum.floats.forEach((value, i) => (sum.floats[i] = value / Math.max(1, batches)));
}
