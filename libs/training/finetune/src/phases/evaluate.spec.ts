import type { PackedBatch } from '@layerwise/model';
import { expect, it } from 'vitest';
import { evaluate, EVALUATION_TEXTS } from './evaluate.js';
import type { Predictor } from '../step/predictor.js';

const CLASSES = 3;

/** Texts of one to five tokens; the first token's id is what the fake predictor goes by. */
function textsOf(ids: readonly number[]) {
  const lengths = ids.map((id) => 1 + (id % 5));
  const offsets = new Int32Array(ids.length + 1);
  lengths.forEach((length, row) => (offsets[row + 1] = offsets[row]! + length));
  return {
    offsets,
    ids: Int32Array.from(ids.flatMap((id, row) => new Array<number>(lengths[row] ?? 0).fill(id))),
    types: new Uint8Array(offsets.at(-1) ?? 0),
  };
}

const logitsOf = (id: number): number[] => [Math.sin(id), Math.cos(id), Math.sin(3 * id)];

function predictor(logits: (id: number) => number[], batches: PackedBatch[] = []): Predictor {
  return {
    logits: (packed) => {
      batches.push(packed);
      // The first rows of a packed batch are the first tokens of its texts.
      return Promise.resolve(
        Float32Array.from(Array.from(packed.ids.subarray(0, packed.texts)).flatMap(logits)),
      );
    },
    dispose: () => Promise.resolve(),
  };
}

const ids = Array.from({ length: 77 }, (_, row) => (row * 37) % 101);
const labels = Int32Array.from(ids, (id) => id % CLASSES);

it('counts what a hand counts, and gives logits in the order of the split', async () => {
  const batches: PackedBatch[] = [];
  const found = await evaluate(predictor(logitsOf, batches), textsOf(ids), labels, CLASSES);
  let right = 0;
  ids.forEach((id, row) => {
    const logits = Float32Array.from(logitsOf(id));
    expect(found.logits.subarray(row * CLASSES, (row + 1) * CLASSES)).toEqual(logits);
    const best = logits.indexOf(Math.max(...logits));
    expect(found.predicted[row]).toBe(best);
    if (best === labels[row]) right++;
  });
  expect(found.accuracy).toBe(right / ids.length);
  expect(found.finite).toBe(true);
  // Sorted by length, so that a batch is even.
  expect(batches.map(({ texts }) => texts)).toEqual([
    EVALUATION_TEXTS,
    EVALUATION_TEXTS,
    77 - 2 * EVALUATION_TEXTS,
  ]);
  expect(batches.map(({ length }) => length)).toEqual([...batches.map(({ length }) => length)].sort());
});

it('does not depend on the order of the rows', async () => {
  const order = ids.map((_, row) => (row * 30 + 5) % ids.length);
  const one = await evaluate(predictor(logitsOf), textsOf(ids), labels, CLASSES);
  const shuffled = textsOf(order.map((row) => ids[row] ?? 0));
  const other = await evaluate(
    predictor(logitsOf),
    shuffled,
    Int32Array.from(order, (row) => labels[row]!),
    CLASSES,
  );
  expect(new Set(order).size).toBe(ids.length);
  expect(other.accuracy).toBe(one.accuracy);
  expect(Array.from(other.predicted)).toEqual(order.map((row) => one.predicted[row]));
});

it('takes the first of equal scores, and says when a logit is no number', async () => {
  const texts = textsOf([1, 2]);
  const even = await evaluate(
    predictor(() => [0, 5, 5]),
    texts,
    Int32Array.of(1, 2),
    CLASSES,
  );
  expect(Array.from(even.predicted)).toEqual([1, 1]);
  expect(even.accuracy).toBe(0.5);
  const broken = await evaluate(
    predictor((id) => [0, id === 2 ? Infinity : 1, 0]),
    texts,
    Int32Array.of(1, 1),
    CLASSES,
  );
  expect(broken.finite).toBe(false);
});
