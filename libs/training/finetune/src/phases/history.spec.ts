import { expect, it } from 'vitest';
import { batchColumns, emptyHistory, float64Lists, historyColumns, type History } from './history.js';
import { PHASES } from '../settings.js';

const history: History = {
  phase: [0, 0, 1],
  step: [0, 1, 0],
  loss: [0.5, 0.25, Number.NaN],
  tokens: [10, 20, 30],
  seconds: [0.1, 0.2, 0.3],
};

it('becomes columns with the rates of every step, NaN where a group has none', () => {
  const columns = historyColumns(history, (phase, step) => [phase === 0 ? 1 : 2, null, step], PHASES);
  expect(columns.phase).toEqual(['original', 'original', 'shifted']);
  expect(columns.step).toEqual(Int32Array.of(0, 1, 0));
  expect(columns.loss).toEqual(Float32Array.of(0.5, 0.25, Number.NaN));
  expect(columns.rates.offsets).toEqual(Int32Array.of(0, 3, 6, 9));
  expect(columns.rates.values).toEqual(Float64Array.of(1, NaN, 0, 1, NaN, 1, 2, NaN, 0));
  expect(columns.tokens).toEqual(Int32Array.of(10, 20, 30));
});

it('becomes the rows that every step saw', () => {
  const { rows, replayed } = batchColumns(history, (phase, step) =>
    [0, 1].map((task) => new Int32Array(task <= phase ? step + 1 : 0).fill(10 * task + phase)),
  );
  expect(rows.offsets).toEqual(Int32Array.of(0, 1, 3, 4));
  expect(rows.values).toEqual(Int32Array.of(0, 0, 0, 11));
  expect(replayed.offsets).toEqual(Int32Array.of(0, 0, 0, 1));
  expect(replayed.values).toEqual(Int32Array.of(1));
});

it('may be empty', () => {
  expect(historyColumns(emptyHistory(), () => [], PHASES).rates.offsets).toEqual(Int32Array.of(0));
  expect(float64Lists([[]])).toEqual({ offsets: Int32Array.of(0, 0), values: new Float64Array(0) });
});
