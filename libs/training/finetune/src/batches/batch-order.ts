/**
 * Which texts a step sees. The order of an epoch is a function of (seed, phase, epoch) alone, so a continued
 * run needs no generator's state: it asks for step k again and gets the same texts.
 */
import { mixedSeed } from '@layerwise/statistics';
import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

/** A permutation of 0 … rows−1 by Fisher and Yates. Phases count from 0. */
export function epochOrder(seed: number, phase: number, epoch: number, rows: number): Int32Array {
  const generator = mersenne(mixedSeed([seed, phase, epoch]));
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last--) {
    const other = uniformInt(generator, 0, last);
    const swapped = order[last]!;
    order[last] = order[other]!;
    order[other] = swapped;
  }
  return order;
}

/** Steps of one epoch: `texts` rows a step, the last one with what is left. */
export function stepsPerEpoch(rows: number, texts: number): number {
  return Math.ceil(rows / texts);
}

/**
 * Batches that are sorted among themselves where texts are grouped by length: as many as Hugging Face's
 * trainer takes.
 */
const GROUPED_BATCHES = 50;

/**
 * `order` with texts of like length side by side, as Hugging Face's `group_by_length` has it: it is cut into
 * stretches of 50 batches, each of them sorted by length, and the batches then shuffled, but for the last
 * one, which may be shorter.
 * @param lengths of every row; `texts` of a batch
 */
export function groupedByLength(
  order: Int32Array,
  lengths: ArrayLike<number>,
  texts: number,
  seeds: readonly [seed: number, phase: number, epoch: number],
): Int32Array {
  const sorted = new Int32Array(order.length);
  for (let first = 0; first < order.length; first += texts * GROUPED_BATCHES) {
    const stretch = order.slice(first, first + texts * GROUPED_BATCHES);
    sorted.set(
      stretch.sort((a, b) => lengths[b]! - lengths[a]!),
      first,
    );
  }
  const [seed, phase, epoch] = seeds;
  const whole = Math.floor(order.length / texts);
  const grouped = sorted.slice();
  epochOrder(seed, phase, BATCH_ORDERS + epoch, whole).forEach((from, to) => {
    grouped.set(sorted.subarray(from * texts, (from + 1) * texts), to * texts);
  });
  return grouped;
}

/** Orders of batches are drawn as those of epochs so late that there are none. */
const BATCH_ORDERS = 2 ** 41;

/**
 * Gives the rows of any step of a phase, counted from 0 over all epochs.
 * @param lengths of every row, by which texts are grouped; absent: batches are random
 */
export function stepRows(
  seed: number,
  phase: number,
  rows: number,
  texts: number,
  lengths: ArrayLike<number> | null = null,
): (step: number) => Int32Array {
  const orderOf = (epoch: number): Int32Array => {
    const order = epochOrder(seed, phase, epoch, rows);
    return lengths ? groupedByLength(order, lengths, texts, [seed, phase, epoch]) : order;
  };
  const steps = stepsPerEpoch(rows, texts);
  let shuffled: { epoch: number; order: Int32Array } = { epoch: -1, order: new Int32Array(0) };
  return (step) => {
    const epoch = Math.floor(step / steps);
    if (shuffled.epoch !== epoch) shuffled = { epoch, order: orderOf(epoch) };
    const first = (step % steps) * texts;
    return shuffled.order.subarray(first, Math.min(first + texts, rows));
  };
}
